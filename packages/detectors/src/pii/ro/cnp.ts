import { at, isDay, part, weighted } from '../../check/numbers.ts';
import { isBirthYear } from '../../check/other-numbers.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: W[2,7,9,1,4,6,3,5,8,2,7,9]%11; 10→1. Usually written together. */
export const cnp: Recogniser = nationalId({
  type: 'pii.national_id.ro_cnp',
  name: 'CNP (Romania)',
  plain: '[1-9]\\d{12}',
  printed: ['# ## ## ## ## ### #'],
  check: (s) => {
    const rest = weighted(s, [2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9]) % 11;
    return (rest === 10 ? 1 : rest) === at(s, 12) && isDay(part(s, 3, 5), part(s, 5, 7));
  },
  // Sex and century, a date, a county.
  digitsAlone: [13, (s) => isBirthYear(s, 1) && /^[12]\d{6}(?:0[1-9]|[1-3]\d|4[0-8]|5[12])/.test(s)],
  near: ['cnp', 'cod numeric personal', 'cod personal'],
  strong: true,
  source: 'law',
  since: '0.2.0',
  finds: ['cnp: «2830417404186»', 'cnp «2 83 04 17 40 418 6»', '(«2830417404186»)'],
  ignores: ['cnp: 2830417404187', 'order 2830417404186 was sent'],
});
