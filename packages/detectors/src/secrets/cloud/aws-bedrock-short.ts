import { marked } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** AWS Bedrock. */
export const awsBedrockShort: Recogniser = {
  type: 'secret.aws_bedrock_short',
  name: 'AWS Bedrock (aws-bedrock-short)',
  forms: [marked('bedrock-api-key-YmVkcm9jay5hbWF6b25hd3MuY29t[A-Za-z0-9+/=]*')],
  source: 'AWS Bedrock; facts also in the default rules of gitleaks (MIT)',
  since: '0.2.0',
  finds: ['key «bedrock-api-key-YmVkcm9jay5hbWF6b25hd3MuY29t» x'],
  ignores: ['bedrock-api-key-YmVkcm9jay5hbWF6b25hd3MuY29tyour_key_goes_here_xxxxxxxxxxxx'],
};
