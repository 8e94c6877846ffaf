import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Mailgun. */
export const mailgun: Recogniser = {
  type: 'secret.mailgun',
  name: 'Mailgun (mailgun)',
  forms: [issued(['key-'], /key-[a-f0-9]{32}/), issued(['pubkey-'], /pubkey-[a-f0-9]{32}/)],
  source: 'Mailgun; secret scanning partners of GitHub',
  since: '0.2.0',
  finds: ['key «key-{hex:32}» x', 'key «pubkey-{hex:32}» x'],
  ignores: ['key-your_key_goes_here_xxxxxxxxxxxx'],
};
