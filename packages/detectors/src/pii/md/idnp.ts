import { at, weighted } from '../../check/numbers.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: W[7,3,1,…]%10. Usually written together. */
export const idnp: Recogniser = nationalId({
  type: 'pii.national_id.md_idnp',
  name: 'IDNP (Moldova)',
  plain: '[02]\\d{12}',
  check: (s) => weighted(s, [7, 3, 1, 7, 3, 1, 7, 3, 1, 7, 3, 1]) % 10 === at(s, 12),
  near: ['idnp', 'cod personal'],
  strong: true,
  source: 'ASP',
  since: '0.2.0',
  finds: ['idnp: «2004182705634»'],
  ignores: ['idnp: 2004182705635', 'order 2004182705634 was sent'],
});
