import { at, weighted } from '../../check/numbers.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: W[2,9,8,7,6,3,4]; -s%10. Usually written N.NNN.NNN-N. */
export const ci: Recogniser = nationalId({
  type: 'pii.national_id.uy_ci',
  name: 'Cédula (Uruguay)',
  plain: '\\d{8}',
  aloneElsewhere: ['#.###.###-#'],
  printed: ['#######-#'],
  check: (s) => (10 - (weighted(s, [2, 9, 8, 7, 6, 3, 4]) % 10)) % 10 === at(s, 7),
  near: ['cédula', 'c.i.'],
  source: 'DNIC',
  since: '0.2.0',
  finds: ['(«4.182.705-3»)', 'cédula: «41827053»', 'cédula «4.182.705-3»'],
  ignores: ['cédula: 41827054', 'order 41827053 was sent'],
});
