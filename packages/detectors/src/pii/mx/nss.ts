import { luhn } from '../../check/luhn.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: Luhn. Usually written NN NN NN NNNN N. */
export const nss: Recogniser = nationalId({
  type: 'pii.national_id.mx_nss',
  name: 'NSS (IMSS) (Mexico)',
  plain: '\\d{11}',
  aloneElsewhere: ['## ## ## #### #'],
  check: (s) => luhn(s),
  near: ['número de seguridad social', 'número de seguro', 'nss', 'imss', 'número de seguro social', 'seguro social'],
  source: 'IMSS',
  since: '0.2.0',
  finds: ['(«04-18-27-0563-4»)', 'nss: «04182705634»', 'nss «04 18 27 0563 4»'],
  ignores: ['nss: 04182705635', 'order 04182705634 was sent'],
});
