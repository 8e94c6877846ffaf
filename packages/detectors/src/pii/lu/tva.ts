import { part } from '../../check/numbers.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: The first six digits modulo 89. */
export const tva: Recogniser = nationalId({
  type: 'pii.national_id.lu_tva',
  name: 'Numéro de TVA (Luxembourg)',
  plain: 'LU\\d{8}',
  plainAlone: true,
  check: (s) => part(s, 2, 8) % 89 === part(s, 8, 10),
  near: ['tva', 'vat'],
  source: 'AED',
  since: '0.3.0',
  finds: ['tva: «LU41827059»', '(«LU41827059»)'],
  ignores: ['tva: LU41827050'],
});
