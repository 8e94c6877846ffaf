import { at, falling, weighted } from '../../check/numbers.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: W[9..2]; -s%10. Usually written NNNNNNNN-N. */
export const dui: Recogniser = nationalId({
  type: 'pii.national_id.sv_dui',
  name: 'DUI (El Salvador)',
  plain: '\\d{9}',
  printed: ['########-#'],
  check: (s) => (10 - (weighted(s, falling(9, 2)) % 10)) % 10 === at(s, 8),
  near: ['dui', 'documento único'],
  source: 'RNPN',
  since: '0.2.0',
  finds: ['dui: «041827055»', 'dui «04182705-5»'],
  ignores: ['dui: 041827056', 'order 041827055 was sent'],
});
