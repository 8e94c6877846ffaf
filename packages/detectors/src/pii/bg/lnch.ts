import { at, weighted } from '../../check/numbers.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: W[21,19,17,13,11,9,7,3,1]%10. Usually written together. */
export const lnch: Recogniser = nationalId({
  type: 'pii.national_id.bg_lnch',
  name: 'ЛНЧ (Bulgaria)',
  plain: '\\d{10}',
  check: (s) => weighted(s, [21, 19, 17, 13, 11, 9, 7, 3, 1]) % 10 === at(s, 9),
  near: ['личен номер на чужденец', 'личен номер', 'лнч', 'lnch', 'pnf'],
  source: 'MoI',
  since: '0.2.0',
  finds: ['лнч: «4182705638»'],
  ignores: ['лнч: 4182705639', 'order 4182705638 was sent'],
});
