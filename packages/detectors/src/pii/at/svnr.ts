import { at, isDay, part, weighted } from '../../check/numbers.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: W[3,7,9,_,5,8,4,2,1,6]%11 = 4th digit; 10 not issued; month 13-15 allowed. Usually written NNNC DDMMYY. */
export const svnr: Recogniser = nationalId({
  type: 'pii.national_id.at_svnr',
  name: 'Sozialversicherungsnummer (Austria)',
  plain: '\\d{10}',
  aloneElsewhere: ['#### ######'],
  printed: ['####-######'],
  check: (s) => {
    const month = part(s, 6, 8);
    // When the days of a month are used up, months from 13 on are issued.
    return (
      weighted(s, [3, 7, 9, 0, 5, 8, 4, 2, 1, 6]) % 11 === at(s, 3) &&
      month <= 15 &&
      isDay(Math.min(month, 12), part(s, 4, 6))
    );
  },
  near: [
    'sv nr',
    'versicherungsnr',
    'österreichische sozialversicherung',
    'svnr',
    'sv nummer',
    'sozialversicherungsnummer',
    'versicherungsnummer',
  ],
  strong: true,
  source: 'Dachverband der Sozialversicherungsträger',
  since: '0.2.0',
  finds: ['(«4185 170863»)', 'svnr: «4185170863»', 'svnr «4185 170863»'],
  ignores: ['svnr: 4185170864', 'order 4185170863 was sent'],
});
