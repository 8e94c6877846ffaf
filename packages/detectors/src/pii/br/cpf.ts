import { at, falling, weighted } from '../../check/numbers.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: c1=(W[10..2]×10)%11%10; c2 with W[11..2]; not all equal. Usually written NNN.NNN.NNN-NN. */
export const cpf: Recogniser = nationalId({
  type: 'pii.national_id.br_cpf',
  name: 'CPF (Brazil)',
  plain: '\\d{11}',
  aloneElsewhere: ['###-###-###-##'],
  alone: ['###.###.###-##'],
  check: (s) => {
    const digit = (place: number): boolean => ((weighted(s, falling(place + 1, 2)) * 10) % 11) % 10 === at(s, place);
    return !/^(\d)\1+$/.test(s) && digit(9) && digit(10);
  },
  near: ['cpf', 'cadastro de pessoas físicas'],
  strong: true,
  source: 'Receita Federal',
  since: '0.2.0',
  finds: ['(«418-270-563-71»)', 'cpf: «41827056371»', '(«418.270.563-71»)'],
  ignores: ['cpf: 41827056372', 'order 41827056371 was sent'],
});
