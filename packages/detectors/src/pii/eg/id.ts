import { at, isDay, part, weighted } from '../../check/numbers.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: W[2,7,6,5,4,3,2,7,6,5,4,3,2]; (11-s%11)%10 (not official); C YYMMDD GG. Usually written together. */
export const id: Recogniser = nationalId({
  type: 'pii.national_id.eg_id',
  name: 'الرقم القومي (Egypt)',
  plain: '[23]\\d{13}',
  check: (s) =>
    (11 - (weighted(s, [2, 7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11)) % 10 === at(s, 13) &&
    isDay(part(s, 3, 5), part(s, 5, 7)) &&
    // The governorate; 88 stands for births abroad.
    /^\d{7}(?:0[1-4]|1[1-9]|2[1-9]|3[1-5]|88)/.test(s),
  digitsAlone: [14],
  near: ['الرقم القومي', 'national id', 'رقم البطاقة', 'رقم قومي'],
  strong: true,
  source: 'law',
  since: '0.2.0',
  finds: ['الرقم القومي: «28304170141827»'],
  ignores: ['الرقم القومي: 28304170141828', 'order 28304170141827 was sent', 'backup 20201012010810'],
});
