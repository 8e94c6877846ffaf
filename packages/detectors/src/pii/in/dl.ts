import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** State, office, year, number; no check. */
export const dl: Recogniser = nationalId({
  type: 'pii.national_id.in_dl',
  name: 'Driving licence (India)',
  plain: '[A-Z]{2}\\d{2}(?:19|20)\\d{2}\\d{7}',
  printed: ['AA## ###########', 'AA-##-####-#######'],
  near: ['driving licence', 'driving license', 'dl no', 'dl number', 'licence no'],
  source: 'Parivahan',
  since: '0.3.0',
  finds: [
    'driving licence: «KA0120184182705»',
    'driving licence «KA01 20184182705»',
    'driving licence «KA-01-2018-4182705»',
  ],
  ignores: ['order KA0120184182705 was sent'],
});
