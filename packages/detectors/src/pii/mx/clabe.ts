import { at } from '../../check/numbers.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: W[3,7,1…] products %10; -s%10. Usually written 3-3-11-1. */
export const clabe: Recogniser = nationalId({
  type: 'pii.bank_account.mx_clabe',
  name: 'CLABE (bank) (Mexico)',
  plain: '\\d{18}',
  printed: ['### ### ########### #'],
  check: (s) => {
    let sum = 0;
    for (let i = 0; i < 17; i++) sum += (at(s, i) * [3, 7, 1][i % 3]!) % 10;
    return (10 - (sum % 10)) % 10 === at(s, 17);
  },
  near: ['clabe', 'cuenta clabe'],
  source: 'ABM/Banxico',
  since: '0.2.0',
  finds: ['clabe: «032180418270563912»', 'clabe «032 180 41827056391 2»'],
  ignores: ['clabe: 032180418270563913', 'order 032180418270563912 was sent'],
});
