import { at, weighted } from '../../check/numbers.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: W[6,5,4,3,2,7,6,5,4,3,2]%11; ≤1→0 else 11-r. Usually written NNNN NNNN NNNN. */
export const mynumber: Recogniser = nationalId({
  type: 'pii.national_id.jp_mynumber',
  name: 'マイナンバー (Japan)',
  plain: '\\d{12}',
  printed: ['#### #### ####'],
  check: (s) => {
    const rest = weighted(s, [6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11;
    return (rest <= 1 ? 0 : 11 - rest) === at(s, 11);
  },
  near: ['マイナンバー', '個人番号', 'my number', 'マイナ'],
  source: 'MIC ordinance 85/2014',
  since: '0.2.0',
  finds: ['マイナンバー: «418270563915»', 'マイナンバー «4182 7056 3915»'],
  ignores: ['マイナンバー: 418270563916', 'order 418270563915 was sent'],
});
