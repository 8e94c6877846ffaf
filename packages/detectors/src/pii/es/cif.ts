import { at, digitSum } from '../../check/numbers.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: odd places doubled digit sum; digit or JABCDEFGHI. Usually written together. */
export const cif: Recogniser = nationalId({
  type: 'pii.national_id.es_cif',
  name: 'CIF / NIF of entities (Spain)',
  plain: '[A-HJNP-SUVW]\\d{7}[0-9A-J]',
  printed: ['A-########', 'A-#######-A'],
  check: (s) => {
    let sum = 0;
    for (let i = 1; i < 8; i++) sum += i % 2 === 0 ? at(s, i) : digitSum(2 * at(s, i));
    const check = (10 - (sum % 10)) % 10;
    return s[8] === String(check) || s[8] === 'JABCDEFGHI'[check];
  },
  near: ['cif', 'nif'],
  source: 'Orden EHA/451/2008',
  since: '0.2.0',
  finds: ['cif: «B41827056»'],
  ignores: ['cif: B41827057', 'order B41827056 was sent'],
});
