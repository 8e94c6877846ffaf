import { at, isDay, part, weighted } from '../../check/numbers.ts';
import { isBirthYear } from '../../check/other-numbers.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: (1+W[10,5,8,4,2,1,6,3,7,9])%11%10; new ones (32) without date. Usually written DDMMYY-CNNNN; new 32…. */
export const pk: Recogniser = nationalId({
  type: 'pii.national_id.lv_pk',
  name: 'Personas kods (Latvia)',
  plain: '[0-3]\\d{5}\\d{5}',
  alone: ['######-#####'],
  check: (s) =>
    (s.startsWith('32') || isDay(part(s, 2, 4), part(s, 0, 2))) &&
    ((1 + weighted(s, [10, 5, 8, 4, 2, 1, 6, 3, 7, 9])) % 11) % 10 === at(s, 10),
  digitsAlone: [11, (s) => isBirthYear(s, 4) && /^[0-3]\d[01]\d{3}1/.test(s)],
  near: ['personas kods'],
  strong: true,
  source: 'law',
  since: '0.2.0',
  finds: ['personas kods: «17048314182»', '(«170483-14182»)', '(«17048314182»)'],
  ignores: ['personas kods: 17048314183', 'order 17048314182 was sent'],
});
