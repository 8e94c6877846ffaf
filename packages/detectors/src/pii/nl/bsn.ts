import { at, falling, weighted } from '../../check/numbers.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: W[9..2,-1]%11=0. Usually written NNNN.NN.NNN, 8 digits with 0. */
export const bsn: Recogniser = nationalId({
  type: 'pii.national_id.nl_bsn',
  name: 'BSN (Netherlands)',
  plain: '\\d{9}',
  printed: ['####.##.###', '### ### ###'],
  check: (s) => (weighted(s, falling(9, 2)) - at(s, 8)) % 11 === 0 && Number(s) > 0,
  near: ['bsn', 'burgerservicenummer', 'sofi', 'sofinummer', 'burger service'],
  source: 'RvIG',
  since: '0.2.0',
  finds: ['bsn: «418270569»', 'bsn «4182.70.569»', 'bsn «418 270 569»'],
  ignores: ['bsn: 418270560', 'order 418270569 was sent'],
});
