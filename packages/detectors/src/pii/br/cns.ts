import { falling, weighted } from '../../check/numbers.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: W[15..1]%11=0. Usually written NNN NNNN NNNN NNNN. */
export const cns: Recogniser = nationalId({
  type: 'pii.national_id.br_cns',
  name: 'Cartão Nacional de Saúde (Brazil)',
  plain: '[1-2789]\\d{14}',
  aloneElsewhere: ['### #### #### ####'],
  check: (s) => weighted(s, falling(15, 1)) % 11 === 0,
  near: ['cns', 'cartão sus', 'cartão nacional de saúde'],
  source: 'DATASUS',
  since: '0.2.0',
  finds: ['(«704 1827 0563 1042»)', 'cns: «704182705631042»', 'cns «704 1827 0563 1042»'],
  ignores: ['cns: 704182705631043', 'order 704182705631042 was sent'],
});
