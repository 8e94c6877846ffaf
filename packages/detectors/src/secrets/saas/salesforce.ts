import { marked } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Salesforce. */
export const salesforce: Recogniser = {
  type: 'secret.salesforce',
  name: 'Salesforce (salesforce)',
  forms: [marked('00D[A-Za-z0-9]{12,15}![A-Za-z0-9_.]{80,120}')],
  source: 'Salesforce, documentation',
  since: '0.2.0',
  finds: ['key «00D{base62:12}!{base62:80}» x'],
  ignores: ['00Dyour_key_goes_here_xxxxxxxxxxxx'],
};
