import { at, weighted } from '../../check/numbers.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/**
 * Check: W[3,2,7,6,5,4,3,2]; if 10 W[7,4,3,2,5,2,7,6]; range 10-150 million. Usually written NN-NNN-NNN, NNN-NNN-NNN.
 */
export const ird: Recogniser = nationalId({
  type: 'pii.national_id.nz_ird',
  name: 'IRD (New Zealand)',
  plain: '\\d{8,9}',
  printed: ['###-###-###', '##-###-###', '###-###-###'],
  check: (s) => {
    const number = s.padStart(9, '0');
    let check = (11 - (weighted(number, [3, 2, 7, 6, 5, 4, 3, 2]) % 11)) % 11;
    if (check === 10) check = (11 - (weighted(number, [7, 4, 3, 2, 5, 2, 7, 6]) % 11)) % 11;
    return check === at(number, 8) && Number(s) >= 10_000_000 && Number(s) <= 150_000_000;
  },
  near: ['ird', 'ird number'],
  source: 'IR',
  since: '0.2.0',
  finds: ['ird: «41827068»', 'ird «41-827-068»'],
  ignores: ['ird: 41827069', 'order 41827068 was sent'],
});
