import { at, weighted } from '../../check/numbers.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: 10-W[31,29,23,19,17,13,7,5,3]%11. Usually written NNNNNNNNNN-NNN. */
export const mst: Recogniser = nationalId({
  type: 'pii.national_id.vn_mst',
  name: 'Mã số thuế (Vietnam)',
  plain: '\\d{10}(?:\\d{3})?',
  printed: ['##########-###'],
  check: (s) => 10 - (weighted(s, [31, 29, 23, 19, 17, 13, 7, 5, 3]) % 11) === at(s, 9),
  near: ['mã số thuế', 'mst'],
  source: 'GDT (commonly known)',
  since: '0.2.0',
  finds: ['mã số thuế: «0418270562»'],
  ignores: ['mã số thuế: 0418270563', 'order 0418270562 was sent'],
});
