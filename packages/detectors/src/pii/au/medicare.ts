import { at, weighted } from '../../check/numbers.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: W[1,3,7,9,1,3,7,9]%10 = 9th digit. Usually written NNNN NNNNN N. */
export const medicare: Recogniser = nationalId({
  type: 'pii.national_id.au_medicare',
  name: 'Medicare card (Australia)',
  plain: '[2-6]\\d{8}[1-9]\\d?',
  aloneElsewhere: ['#### ##### #'],
  check: (s) => weighted(s, [1, 3, 7, 9, 1, 3, 7, 9]) % 10 === at(s, 8),
  near: ['medicare', 'medicare no', 'irn'],
  source: 'Services Australia',
  since: '0.2.0',
  finds: ['(«4182 70567 1»)', 'medicare: «4182705671»', 'medicare «4182 70567 1»'],
  ignores: ['order 4182705671 was sent'],
});
