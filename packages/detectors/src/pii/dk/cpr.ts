import { isDay, part, weighted } from '../../check/numbers.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: W[4,3,2,7,6,5,4,3,2,1]%11=0, not for all since 2007. Usually written DDMMYY-NNNN. */
export const cpr: Recogniser = nationalId({
  type: 'pii.national_id.dk_cpr',
  name: 'CPR (Denmark)',
  plain: '[0-3]\\d[01]\\d{7}',
  printed: ['###### ####'],
  alone: ['######-####'],
  check: (s) => isDay(part(s, 2, 4), part(s, 0, 2)),
  checkAlone: (s) => weighted(s, [4, 3, 2, 7, 6, 5, 4, 3, 2, 1]) % 11 === 0,
  near: ['cpr', 'cpr nr', 'personnummer', 'cpr nummer'],
  strong: true,
  source: 'CPR-kontoret',
  since: '0.2.0',
  finds: ['cpr: «1704834183»', '(«170483-4183»)', 'cpr «170483 4183»', 'cpr-nummer «170483-4184»'],
  ignores: ['(170483-4184)', 'cpr: 4104834183', 'order 1704834183 was sent'],
});
