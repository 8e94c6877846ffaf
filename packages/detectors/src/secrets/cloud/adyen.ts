import { marked, outsideBase64 } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Adyen API key. */
export const adyen: Recogniser = {
  type: 'secret.adyen',
  name: 'Adyen API key',
  forms: [outsideBase64(marked('AQE[A-Za-z0-9]{4,6}[A-Za-z0-9+/=-]{60,400}'))],
  source: 'Adyen; secret scanning partners of GitHub',
  since: '0.3.0',
  finds: ['x-API-key: «AQEy{base62:90}»'],
  ignores: ['AQE is the beginning', '{base62:60}+AQE{base62:90}', 'AQEyour_key_goes_here'],
};
