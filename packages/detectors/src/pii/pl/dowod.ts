import { at, weighted } from '../../check/numbers.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: W[7,3,1,-,7,3,1,7,3]%10 = 4th sign, A=10. Usually written AAA NNNNNN. */
export const dowod: Recogniser = nationalId({
  type: 'pii.national_id.pl_dowod',
  name: 'Dowód osobisty (Poland)',
  plain: '[A-Z]{3}\\d{6}',
  printed: ['AAA ######'],
  check: (s) => weighted(s, [7, 3, 1, 0, 7, 3, 1, 7, 3]) % 10 === at(s, 3),
  near: ['dowód osobisty', 'nr dowodu', 'seria i numer', 'numer dowodu'],
  source: 'MSWiA (commonly known)',
  since: '0.2.0',
  finds: ['dowód osobisty: «KTQ518270»', 'dowód osobisty «KTQ 518270»'],
  ignores: ['dowód osobisty: KTQ518271', 'order KTQ518270 was sent'],
});
