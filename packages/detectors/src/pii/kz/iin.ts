import { at, falling, isDay, part, weighted } from '../../check/numbers.ts';
import { isBirthYear } from '../../check/other-numbers.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: W[1..11]%11; if 10 W[3..11,1,2]%11; YYMMDD C. Usually written together. */
export const iin: Recogniser = nationalId({
  type: 'pii.national_id.kz_iin',
  name: 'ЖСН / ИИН (Kazakhstan)',
  plain: '\\d{12}',
  printed: ['###### ######'],
  check: (s) => {
    let check = weighted(s, falling(1, 11)) % 11;
    if (check === 10) check = weighted(s, [3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2]) % 11;
    return check === at(s, 11) && isDay(part(s, 2, 4), part(s, 4, 6));
  },
  // The digit behind the date says in which century it is.
  digitsAlone: [12, (s) => isBirthYear(s, 0) && /^\d{6}[34]/.test(s)],
  near: ['индивидуальный идентификационный', 'иин', 'жсн', 'iin', 'бин'],
  strong: true,
  source: 'law 223-III',
  since: '0.2.0',
  finds: ['иин: «830417404188»', 'иин «830417 404188»', '(«830417404188»)'],
  ignores: ['иин: 830417404189', 'order 830417404188 was sent'],
});
