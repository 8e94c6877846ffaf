import { luhn } from '../../check/luhn.ts';
import { part } from '../../check/numbers.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: Luhn of the SIREN, and (12+3·SIREN%97)%97. */
export const tva: Recogniser = nationalId({
  type: 'pii.national_id.fr_tva',
  name: 'Numéro de TVA (France)',
  plain: 'FR\\d{2}\\d{9}',
  alone: ['FR ## ### ### ###'],
  plainAlone: true,
  check: (s) => luhn(s.slice(4)) && part(s, 2, 4) === (12 + 3 * (part(s, 4, 13) % 97)) % 97,
  near: ['tva', 'vat'],
  source: 'CGI, art. 286 ter',
  since: '0.3.0',
  finds: ['tva: «FR22418270567»', '(«FR 22 418 270 567»)'],
  ignores: ['tva: FR22418270568'],
});
