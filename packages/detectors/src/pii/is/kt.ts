import { at, isDay, part, weighted } from '../../check/numbers.ts';
import { isBirthYear } from '../../check/other-numbers.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: W[3,2,7,6,5,4,3,2]; 11-s%11; 10 not issued; last = century. Usually written DDMMYY-NNCM. */
export const kt: Recogniser = nationalId({
  type: 'pii.national_id.is_kt',
  name: 'Kennitala (Iceland)',
  plain: '\\d{6}\\d{3}[089]',
  alone: ['######-####'],
  check: (s) =>
    (11 - (weighted(s, [3, 2, 7, 6, 5, 4, 3, 2]) % 11)) % 11 === at(s, 8) && isDay(part(s, 2, 4), part(s, 0, 2) % 40),
  // The last digit says in which century it is; firms have no date.
  digitsAlone: [10, (s) => isBirthYear(s, 4) && /^[0-3]\d{8}9$/.test(s)],
  near: ['kennitala', 'kt'],
  strong: true,
  source: 'Þjóðskrá',
  since: '0.2.0',
  finds: ['kennitala: «1704834139»', '(«170483-4139»)', '(«2104832099»)'],
  ignores: ['order 1704834139 was sent'],
});
