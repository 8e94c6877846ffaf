import { at, digitSum, isDay, part } from '../../check/numbers.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: letter→2 digits; W[2,1,2,5,7,1,2,1,2,1,2,1] digit sums %10. Usually written NN DDMMYY L NN C. */
export const rvnr: Recogniser = nationalId({
  type: 'pii.national_id.de_rvnr',
  name: 'Rentenversicherungsnummer (Germany)',
  plain: '\\d{8}[A-Z]\\d{3}',
  aloneElsewhere: ['## ###### A ###'],
  check: (s) => {
    const letter = String(s.charCodeAt(8) - 64).padStart(2, '0');
    const digits = s.slice(0, 8) + letter + s.slice(9, 11);
    const sum = [2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1].reduce(
      (total, weight, i) => total + digitSum(weight * at(digits, i)),
      0,
    );
    return isDay(part(s, 4, 6), part(s, 2, 4)) && sum % 10 === at(s, 11);
  },
  plainAlone: 'elsewhere',
  near: [
    'rv nummer',
    'versicherungsnummer',
    'rentenversicherung',
    'rentenversicherungsnummer',
    'sv nummer',
    'rvnr',
    'sozialversicherungsnummer',
  ],
  strong: true,
  source: 'DRV; VKVV §2',
  since: '0.2.0',
  finds: [
    '(«65 170483 K 049»)',
    'rentenversicherungsnummer: «65170483K049»',
    'rentenversicherungsnummer «65 170483 K 049»',
  ],
  ignores: ['rentenversicherungsnummer: 65170483K040', 'order 65170483K049 was sent'],
});
