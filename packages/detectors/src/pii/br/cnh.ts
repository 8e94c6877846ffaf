import { at, falling, weighted } from '../../check/numbers.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

function isCnh(number: string): boolean {
  const rest = weighted(number, falling(9, 1)) % 11;
  const other = (weighted(number, falling(1, 9)) % 11) - (rest === 10 ? 2 : 0);
  const second = other < 0 ? other + 11 : other;
  return (
    (rest > 9 ? 0 : rest) === at(number, 9) && (second > 9 ? 0 : second) === at(number, 10) && !/^(\d)\1+$/.test(number)
  );
}

/** Check: W[9..1] and W[1..9], modulo 11, where 10 is 0 and lowers the second by two. */
export const cnh: Recogniser = nationalId({
  type: 'pii.national_id.br_cnh',
  name: 'CNH (Brazil)',
  plain: '\\d{11}',
  check: (s) => isCnh(s),
  near: ['cnh', 'carteira de motorista', 'habilitação', 'registro cnh'],
  source: 'SENATRAN',
  since: '0.3.0',
  finds: ['cnh: «41827056317»'],
  ignores: ['cnh: 41827056318', 'order 41827056317 was sent'],
});
