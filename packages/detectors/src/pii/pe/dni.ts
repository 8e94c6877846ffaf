import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: check printed apart. Usually written NNNNNNNN-C. */
export const dni: Recogniser = nationalId({
  type: 'pii.national_id.pe_dni',
  name: 'DNI (Peru)',
  plain: '\\d{8}',
  printed: ['########-#'],
  near: ['dni', 'documento nacional'],
  source: 'RENIEC',
  since: '0.2.0',
  finds: ['dni: «41827056»'],
  ignores: ['order 41827056 was sent'],
});
