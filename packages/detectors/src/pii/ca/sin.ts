import { luhn } from '../../check/luhn.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: Luhn; first 9 = temporary; 8 is business. Usually written NNN NNN NNN, NNN-NNN-NNN. */
export const sin: Recogniser = nationalId({
  type: 'pii.national_id.ca_sin',
  name: 'SIN / NAS (Canada)',
  plain: '[1-79]\\d{8}',
  printed: ['### ### ###'],
  check: (s) => luhn(s),
  near: ['sin', 'social insurance', 'nas', 'assurance sociale', 'numéro d’assurance sociale'],
  source: 'ESDC',
  since: '0.2.0',
  finds: ['sin: «418270567»', 'sin «418 270 567»'],
  ignores: ['sin: 418270568', 'order 418270567 was sent'],
});
