import { luhn } from '../../check/luhn.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: Luhn. Usually written NNN NNN NNN. */
export const siren: Recogniser = nationalId({
  type: 'pii.national_id.fr_siren',
  name: 'SIREN (France)',
  plain: '\\d{9}',
  printed: ['### ### ###'],
  check: (s) => luhn(s),
  near: ['siren'],
  source: 'INSEE',
  since: '0.2.0',
  finds: ['siren: «418270567»', 'siren «418 270 567»'],
  ignores: ['siren: 418270568', 'order 418270567 was sent'],
});
