import { luhn } from '../../check/luhn.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: Luhn over ten; then a version of two letters. */
export const ohip: Recogniser = nationalId({
  type: 'pii.national_id.ca_ohip',
  name: 'Health card (Ontario, Canada)',
  plain: '[1-9]\\d{9}(?:[A-Z]{2})?',
  printed: ['#### ### ###', '####-###-###-AA'],
  check: (s) => luhn(s.slice(0, 10)),
  near: ['ohip', 'health card', 'health number'],
  source: 'Ontario Ministry of Health',
  since: '0.3.0',
  finds: ['ohip: «4182705634»', 'ohip «4182 705 634»', 'ohip «4182-705-634-KX»'],
  ignores: ['ohip: 4182705635', 'order 4182705634 was sent'],
});
