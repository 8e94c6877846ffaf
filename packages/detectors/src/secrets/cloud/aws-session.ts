import { marked } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** AWS. */
export const awsSession: Recogniser = {
  type: 'secret.aws_session',
  name: 'AWS (aws-session)',
  forms: [marked('(?:IQoJb3JpZ2luX2Vj|FwoGZXIvYXdz)[A-Za-z0-9/+=]{100,}')],
  source: 'AWS, issued tokens',
  since: '0.2.0',
  finds: ['key «IQoJb3JpZ2luX2Vj{base62:100}» x'],
  ignores: ['IQoJb3JpZ2luX2Vjyour_key_goes_here_xxxxxxxxxxxx'],
};
