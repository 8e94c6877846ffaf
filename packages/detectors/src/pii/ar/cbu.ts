import { at, weighted } from '../../check/numbers.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: W[7,1,3,9,7,1,3] c=-s%10 on 7; W[3,9,7,1,3,9,7,1,3,9,7,1,3] on 13. Usually written 8+14. */
export const cbu: Recogniser = nationalId({
  type: 'pii.bank_account.ar_cbu',
  name: 'CBU / CVU (bank) (Argentina)',
  plain: '\\d{22}',
  check: (s) => {
    const bank = (10 - (weighted(s, [7, 1, 3, 9, 7, 1, 3]) % 10)) % 10;
    const account = (10 - (weighted(s.slice(8), [3, 9, 7, 1, 3, 9, 7, 1, 3, 9, 7, 1, 3]) % 10)) % 10;
    return bank === at(s, 7) && account === at(s, 21);
  },
  plainAlone: 'elsewhere',
  // Numbers of banks are below 500; tracking numbers begin with 9.
  checkAlone: (s) => /^[0-4]/.test(s),
  near: ['cbu', 'cvu'],
  strong: true,
  source: 'BCRA',
  since: '0.2.0',
  finds: ['cbu: «2850471540061835209477»'],
  ignores: ['cbu: 2850471540061835209478', 'order 2850471540061835209477 was sent'],
});
