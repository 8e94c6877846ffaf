import { at, weighted } from '../../check/numbers.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: 9-W[29,23,19,17,13,11,7,5,3,2]%10. Usually written together. */
export const niss: Recogniser = nationalId({
  type: 'pii.national_id.pt_niss',
  name: 'NISS (Portugal)',
  plain: '[12]\\d{10}',
  check: (s) => 9 - (weighted(s, [29, 23, 19, 17, 13, 11, 7, 5, 3, 2]) % 10) === at(s, 10),
  near: ['niss', 'segurança social'],
  strong: true,
  source: 'ISS',
  since: '0.2.0',
  finds: ['niss: «11418270562»'],
  ignores: ['niss: 11418270563', 'order 11418270562 was sent'],
});
