import { at, weighted } from '../../check/numbers.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: W[5,4,3,2,7,6,5,4,3,2]; (11-s%11)%10. Usually written together. */
export const ruc: Recogniser = nationalId({
  type: 'pii.national_id.pe_ruc',
  name: 'RUC (Peru)',
  plain: '(?:10|15|16|17|20)\\d{9}',
  check: (s) => (11 - (weighted(s, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11)) % 10 === at(s, 10),
  near: ['registro único de contribuyentes', 'ruc'],
  strong: true,
  source: 'SUNAT',
  since: '0.2.0',
  finds: ['ruc: «10418270565»'],
  ignores: ['ruc: 10418270566', 'order 10418270565 was sent'],
});
