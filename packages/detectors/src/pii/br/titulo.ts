import { at, falling, part, weighted } from '../../check/numbers.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

function isTitulo(number: string): boolean {
  const first = (weighted(number, falling(2, 9)) % 11) % 10;
  const second = ((weighted(number.slice(8), [7, 8]) + 9 * first) % 11) % 10;
  return first === at(number, 10) && second === at(number, 11) && part(number, 8, 10) >= 1 && part(number, 8, 10) <= 28;
}

/** Check: W[2..9] over eight, W[7,8,9] over state and first check; modulo 11, where 10 is 0. */
export const titulo: Recogniser = nationalId({
  type: 'pii.national_id.br_titulo',
  name: 'Título de eleitor (Brazil)',
  plain: '\\d{12}',
  printed: ['#### #### ####'],
  check: (s) => isTitulo(s),
  near: ['título de eleitor', 'título eleitoral'],
  source: 'TSE',
  since: '0.3.0',
  finds: ['título de eleitor: «418270560124»', 'título de eleitor «4182 7056 0124»'],
  ignores: ['título de eleitor: 418270560125', 'order 418270560124 was sent'],
});
