import { at, falling, weighted } from '../../check/numbers.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: W[8..2]; 11-s%11; 10→0; 11 not issued. Usually written SI + 8. */
export const ddv: Recogniser = nationalId({
  type: 'pii.national_id.si_ddv',
  name: 'Davčna številka (Slovenia)',
  plain: '[1-9]\\d{7}',
  check: (s) => {
    const check = 11 - (weighted(s, falling(8, 2)) % 11);
    return check !== 11 && check % 10 === at(s, 7);
  },
  near: ['davčna številka', 'id za ddv'],
  source: 'FURS',
  since: '0.2.0',
  finds: ['davčna številka: «41827058»'],
  ignores: ['davčna številka: 41827059', 'order 41827058 was sent'],
});
