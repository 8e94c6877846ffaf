import { at, weighted } from '../../check/numbers.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/**
 * Check: 10: W[2,4,10,3,5,9,4,6,8]%11%10; 12: W[7,2,4,10,3,5,9,4,6,8], W[3,7,2,4,10,3,5,9,4,6,8]. Usually written
 * together.
 */
export const inn: Recogniser = nationalId({
  type: 'pii.national_id.ru_inn',
  name: 'ИНН (Russia)',
  plain: '\\d{10}(?:\\d\\d)?',
  check: (s) => {
    const digit = (weights: readonly number[], place: number): boolean =>
      (weighted(s, weights) % 11) % 10 === at(s, place);
    if (s.length === 10) return digit([2, 4, 10, 3, 5, 9, 4, 6, 8], 9);
    return digit([7, 2, 4, 10, 3, 5, 9, 4, 6, 8], 10) && digit([3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8], 11);
  },
  near: ['инн', 'inn'],
  strong: true,
  source: 'FNS order',
  since: '0.2.0',
  finds: ['инн: «418270563990»'],
  ignores: ['инн: 418270563991', 'order 418270563990 was sent'],
});
