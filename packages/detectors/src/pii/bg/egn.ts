import { at, isDay, part, weighted } from '../../check/numbers.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: W[2,4,8,5,10,9,7,3,6]%11%10; month +20 (1800s), +40 (2000s). Usually written together. */
export const egn: Recogniser = nationalId({
  type: 'pii.national_id.bg_egn',
  name: 'ЕГН (Bulgaria)',
  plain: '\\d{10}',
  check: (s) =>
    (weighted(s, [2, 4, 8, 5, 10, 9, 7, 3, 6]) % 11) % 10 === at(s, 9) &&
    part(s, 2, 4) <= 52 &&
    isDay(part(s, 2, 4) % 20, part(s, 4, 6)),
  near: ['егн', 'egn', 'единен граждански номер'],
  strong: true,
  source: 'GRAO',
  since: '0.2.0',
  finds: ['егн: «8304172641»'],
  ignores: ['егн: 8304172642', 'order 8304172641 was sent'],
});
