import { at, weighted } from '../../check/numbers.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: W[8,9,2,3,4,5,6,7]%11%10. Usually written together; 14 for units. */
export const regon: Recogniser = nationalId({
  type: 'pii.national_id.pl_regon',
  name: 'REGON (Poland)',
  plain: '\\d{9}',
  check: (s) => (weighted(s, [8, 9, 2, 3, 4, 5, 6, 7]) % 11) % 10 === at(s, 8),
  near: ['regon'],
  source: 'GUS',
  since: '0.2.0',
  finds: ['regon: «418270569»'],
  ignores: ['regon: 418270560', 'order 418270569 was sent'],
});
