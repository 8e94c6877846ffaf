import { marked } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** SendGrid. */
export const sendgrid: Recogniser = {
  type: 'secret.sendgrid',
  name: 'SendGrid (sendgrid)',
  forms: [marked('SG\\.[\\w-]{22}\\.[\\w-]{43}')],
  source: 'SendGrid, documentation',
  since: '0.2.0',
  finds: ['key «SG.{base62:22}.{base62:43}» x'],
  ignores: ['SGyour_key_goes_here_xxxxxxxxxxxx'],
};
