import { at, falling, weighted } from '../../check/numbers.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: W[9..2]; 11-s%11; >9→0. Usually written NNN NNN NNN. */
export const nif: Recogniser = nationalId({
  type: 'pii.national_id.pt_nif',
  name: 'NIF / contribuinte (Portugal)',
  plain: '(?:[1235689]\\d|45|7[0124579])\\d{7}',
  printed: ['### ### ###'],
  check: (s) => {
    const check = 11 - (weighted(s, falling(9, 2)) % 11);
    return (check > 9 ? 0 : check) === at(s, 8);
  },
  near: ['nif', 'contribuinte', 'nipc'],
  source: 'AT',
  since: '0.2.0',
  finds: ['nif: «241827051»', 'nif «241 827 051»'],
  ignores: ['nif: 241827052', 'order 241827051 was sent'],
});
