import { at, digitSum, part } from '../../check/numbers.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: d10=(7·odd-even)%10; d11=Σ first ten %10. Usually written together. */
export const tckn: Recogniser = nationalId({
  type: 'pii.national_id.tr_tckn',
  name: 'T.C. kimlik no (Türkiye)',
  plain: '[1-9]\\d{10}',
  printed: ['### ### ### ##'],
  check: (s) => {
    const odd = at(s, 0) + at(s, 2) + at(s, 4) + at(s, 6) + at(s, 8);
    const even = at(s, 1) + at(s, 3) + at(s, 5) + at(s, 7);
    return (odd * 7 - even + 100) % 10 === at(s, 9) && digitSum(part(s, 0, 10)) % 10 === at(s, 10);
  },
  near: ['tckn', 't.c. kimlik', 'tc kimlik no', 'kimlik no', 'kimlik', 'tc no'],
  strong: true,
  source: 'NVI',
  since: '0.2.0',
  finds: ['tckn: «41827056474»', 'tckn «418 270 564 74»'],
  ignores: ['tckn: 41827056475', 'order 41827056474 was sent'],
});
