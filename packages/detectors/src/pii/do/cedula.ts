import { luhn } from '../../check/luhn.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: Luhn (a few old ones fail). Usually written NNN-NNNNNNN-N. */
export const cedula: Recogniser = nationalId({
  type: 'pii.national_id.do_cedula',
  name: 'Cédula (Dominican Republic)',
  plain: '\\d{11}',
  aloneElsewhere: ['###-#######-#'],
  check: (s) => luhn(s),
  near: ['cédula', 'cedula'],
  source: 'JCE',
  since: '0.2.0',
  finds: ['(«001-4182705-5»)', 'cédula: «00141827055»', 'cédula «001-4182705-5»'],
  ignores: ['cédula: 00141827056', 'order 00141827055 was sent'],
});
