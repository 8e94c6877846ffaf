import { marked } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Adyen API key. */
export const adyen: Recogniser = {
  type: 'secret.adyen',
  name: 'Adyen API key',
  forms: [marked('AQE[A-Za-z0-9]{4,6}[A-Za-z0-9+/=-]{60,400}')],
  source: 'Adyen; secret scanning partners of GitHub',
  since: '0.3.0',
  finds: ['x-API-key: «AQEy{base62:90}»'],
  ignores: ['AQE is the beginning', 'AQEyour_key_goes_here'],
};
