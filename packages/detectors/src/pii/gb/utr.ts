import { weighted } from '../../check/numbers.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: W[6,7,8,9,10,5,4,3,2]%11 → 21987654321 = first digit. Usually written NNNNN NNNNN, trailing K. */
export const utr: Recogniser = nationalId({
  type: 'pii.national_id.gb_utr',
  name: 'UTR (United Kingdom)',
  plain: '\\d{10}',
  printed: ['##### #####'],
  check: (s) => '21987654321'[weighted(s.slice(1), [6, 7, 8, 9, 10, 5, 4, 3, 2]) % 11] === s[0],
  near: ['utr', 'unique taxpayer'],
  source: 'HMRC (commonly known)',
  since: '0.2.0',
  finds: ['utr: «4418270563»', 'utr «44182 70563»'],
  ignores: ['utr: 4418270564', 'order 4418270563 was sent'],
});
