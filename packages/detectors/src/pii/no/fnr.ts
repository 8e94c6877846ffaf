import { at, isDay, part, weighted } from '../../check/numbers.ts';
import { isBirthYear } from '../../check/other-numbers.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/**
 * Check: k1 W[3,7,6,1,8,9,4,5,2], k2 W[5,4,3,2,7,6,5,4,3,2]; 11-s%11; D-number day +40; synthetic month +80; from 2032
 * k1 relaxed. Usually written DDMMYY NNNNN.
 */
export const fnr: Recogniser = nationalId({
  type: 'pii.national_id.no_fnr',
  name: 'Fødselsnummer (Norway)',
  plain: '[0-7]\\d{10}',
  aloneElsewhere: ['######-#####', '###### #####'],
  check: (s) => {
    const first = (11 - (weighted(s, [3, 7, 6, 1, 8, 9, 4, 5, 2]) % 11)) % 11;
    const second = (11 - (weighted(s, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11)) % 11;
    return first === at(s, 9) && second === at(s, 10) && isDay(part(s, 2, 4) % 40, part(s, 0, 2) % 40);
  },
  // The digits behind the date say in which century it is.
  digitsAlone: [11, (s) => isBirthYear(s, 4) && /^\d\d[01]\d{3}[0-49]/.test(s)],
  near: ['fødselsnr', 'fødselsnummer', 'fnr', 'personnummer', 'd nummer'],
  strong: true,
  source: 'Skatteetaten',
  since: '0.2.0',
  finds: ['(«170483 41837»)', 'fødselsnummer: «17048341837»', 'fødselsnummer «170483 41837»', '(«17048341837»)'],
  ignores: ['fødselsnummer: 17048341838', 'order 17048341837 was sent'],
});
