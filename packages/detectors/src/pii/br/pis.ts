import { at, weighted } from '../../check/numbers.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: W[3,2,9,8,7,6,5,4,3,2]; r<2→0 else 11-r. Usually written NNN.NNNNN.NN-N. */
export const pis: Recogniser = nationalId({
  type: 'pii.national_id.br_pis',
  name: 'PIS / PASEP / NIS (Brazil)',
  plain: '\\d{11}',
  aloneElsewhere: ['###.#####.##-#'],
  check: (s) => {
    const rest = weighted(s, [3, 2, 9, 8, 7, 6, 5, 4, 3, 2]) % 11;
    return (rest < 2 ? 0 : 11 - rest) === at(s, 10);
  },
  near: ['pis', 'pasep', 'nis', 'nit'],
  source: 'Caixa',
  since: '0.2.0',
  finds: ['(«120.41827.05-1»)', 'pis: «12041827051»', 'pis «120.41827.05-1»'],
  ignores: ['pis: 12041827052', 'order 12041827051 was sent'],
});
