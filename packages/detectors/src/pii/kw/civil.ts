import { at, isDay, part, weighted } from '../../check/numbers.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: W[2,1,6,3,7,9,10,5,8,4,2]; 11-s%11. Usually written together. */
export const civil: Recogniser = nationalId({
  type: 'pii.national_id.kw_civil',
  name: 'الرقم المدني (Kuwait)',
  plain: '[23]\\d{11}',
  check: (s) =>
    11 - (weighted(s, [2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]) % 11) === at(s, 11) && isDay(part(s, 3, 5), part(s, 5, 7)),
  // Births since 1930 in the one century, all in the other: `20` begins dates.
  digitsAlone: [12, (s) => /^(?:2[3-9]|3)/.test(s)],
  near: ['البطاقة المدنية', 'civil id', 'الرقم المدني'],
  strong: true,
  source: 'PACI',
  since: '0.2.0',
  finds: ['civil id: «283041741828»'],
  ignores: ['civil id: 283041741829', 'order 283041741828 was sent', 'backup 202010100932'],
});
