import { luhn } from '../../check/luhn.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: Luhn (La Poste 356000000: digit sum %5=0). Usually written NNN NNN NNN NNNNN. */
export const siret: Recogniser = nationalId({
  type: 'pii.national_id.fr_siret',
  name: 'SIRET (France)',
  plain: '\\d{14}',
  aloneElsewhere: ['### ### ### #####'],
  check: (s) => luhn(s),
  // The number of the firm has a check of its own; few firms have more than 99 places.
  digitsAlone: [14, (s) => luhn(s.slice(0, 9)) && /^\d{9}000(?!00)\d\d$/.test(s)],
  near: ['siret'],
  source: 'INSEE',
  since: '0.2.0',
  finds: ['(«418 270 564 00028»)', 'siret: «41827056400028»', 'siret «418 270 564 00028»', '(«41827099700020»)'],
  ignores: ['siret: 41827056400029', 'order 41827056400028 was sent'],
});
