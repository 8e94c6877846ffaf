import { marked } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** MailerSend. */
export const mailersend: Recogniser = {
  type: 'secret.mailersend',
  name: 'MailerSend (mailersend)',
  forms: [marked('mlsn\\.[a-f0-9]{64}')],
  source: 'MailerSend, issued tokens',
  since: '0.2.0',
  finds: ['key «mlsn.{hex:64}» x'],
  ignores: ['mlsnyour_key_goes_here_xxxxxxxxxxxx'],
};
