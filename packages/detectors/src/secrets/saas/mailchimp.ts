import { markedInside } from '../../form/value.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Mailchimp. */
export const mailchimp: Recogniser = {
  type: 'secret.mailchimp',
  name: 'Mailchimp (mailchimp)',
  forms: [markedInside(/^[a-f0-9]{32}-us\d{1,2}$/)],
  source: 'Mailchimp, documentation',
  since: '0.2.0',
  finds: ['key «{hex:32}-us{digits:1}» x'],
  ignores: ['token = your_key_goes_here'],
};
