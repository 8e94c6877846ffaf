import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: none. Usually written as SSN. */
export const itin: Recogniser = nationalId({
  type: 'pii.national_id.us_itin',
  name: 'ITIN (United States)',
  plain: '9\\d\\d-(?:5\\d|6[0-5]|7\\d|8[0-8]|9[0-2]|9[4-9])-\\d{4}',
  alone: ['9##-##-####'],
  separated: true,
  near: ['taxpayer identification', 'itin', 'individual taxpayer'],
  source: 'IRS Pub. 1915',
  since: '0.2.0',
  finds: ['itin: «941-78-2705»', '(«941-78-2705»)'],
  ignores: ['941-78-2705x'],
});
