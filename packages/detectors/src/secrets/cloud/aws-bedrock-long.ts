import { marked } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** AWS Bedrock. */
export const awsBedrockLong: Recogniser = {
  type: 'secret.aws_bedrock_long',
  name: 'AWS Bedrock (aws-bedrock-long)',
  forms: [marked('ABSK[A-Za-z0-9+/]{109,}={0,2}')],
  source: 'AWS Bedrock; facts also in the default rules of gitleaks (MIT)',
  since: '0.2.0',
  finds: ['key «ABSK{base62:109}» x'],
  ignores: ['ABSKyour_key_goes_here_xxxxxxxxxxxx'],
};
