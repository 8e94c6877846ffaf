import { at, weighted } from '../../check/numbers.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: W[6,5,7,2,3,4,5,6,7]%11; 10 not issued. Usually written NNN-NNN-NN-NN. */
export const nip: Recogniser = nationalId({
  type: 'pii.national_id.pl_nip',
  name: 'NIP (Poland)',
  plain: '[1-9]\\d{9}',
  aloneElsewhere: ['###-###-##-##', '###-##-##-###'],
  check: (s) => weighted(s, [6, 5, 7, 2, 3, 4, 5, 6, 7]) % 11 === at(s, 9),
  near: ['nip'],
  source: 'MF',
  since: '0.2.0',
  finds: ['nip: «4182705635»', 'nip «418-270-56-35»', 'nip «418-27-05-635»', '(«418-27-05-635»)'],
  ignores: ['nip: 4182705636', 'order 4182705635 was sent'],
});
