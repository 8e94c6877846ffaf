import { isDay, part, remainder } from '../../check/numbers.ts';
import { isBirthYear } from '../../check/other-numbers.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/**
 * Check: 97 - (first 9 mod 97); "2" put before for births from 2000; month +20/+40 (bis). Usually written
 * YY.MM.DD-NNN.CC.
 */
export const nn: Recogniser = nationalId({
  type: 'pii.national_id.be_nn',
  name: 'Rijksregisternummer / NISS (Belgium)',
  plain: '\\d{11}',
  alone: ['##.##.##-###.##'],
  aloneElsewhere: ['## ## ## ### ##', '##.##.##-###-##'],
  check: (s) => {
    const month = part(s, 2, 4);
    if (month > 52 || month % 20 > 12 || part(s, 4, 6) > 31) return false;
    const check = part(s, 9, 11);
    // Births from 2000 on are reckoned with a 2 before the number.
    return check === 97 - remainder(s.slice(0, 9), 97) || check === 97 - remainder(`2${s.slice(0, 9)}`, 97);
  },
  digitsAlone: [
    11,
    (s) =>
      isBirthYear(s, 0) && isDay(part(s, 2, 4), part(s, 4, 6)) && part(s, 9, 11) === 97 - remainder(s.slice(0, 9), 97),
  ],
  near: [
    'numéro de registre national',
    'registre national',
    'rijksregister',
    'national register',
    'rijksregisternummer',
    'numéro national',
    'niss',
    'insz',
    'national number',
  ],
  strong: true,
  source: 'Royal decree 3.4.1984; IBZ',
  since: '0.2.0',
  finds: ['rijksregisternummer: «83041726427»', '(«83.04.17-264.27»)', '(«83041726427»)'],
  ignores: ['rijksregisternummer: 83041726428', 'order 83041726427 was sent'],
});
