import { luhn } from '../../check/luhn.ts';
import { isDay, part } from '../../check/numbers.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: Luhn; DDMMYY. Usually written together. */
export const amka: Recogniser = nationalId({
  type: 'pii.national_id.gr_amka',
  name: 'ΑΜΚΑ (Greece)',
  plain: '[0-3]\\d{10}',
  printed: ['###### #####'],
  check: (s) => luhn(s) && isDay(part(s, 2, 4), part(s, 0, 2)),
  near: ['αμκα', 'amka', 'αριθμός κοινωνικής ασφάλισης', 'κοινωνικής ασφάλισης'],
  strong: true,
  source: 'IDIKA',
  since: '0.2.0',
  finds: ['αμκα: «17048341824»', 'αμκα «170483 41824»'],
  ignores: ['αμκα: 17048341825', 'order 17048341824 was sent'],
});
