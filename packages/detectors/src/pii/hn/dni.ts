import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: none. Usually written NNNN-NNNN-NNNNN. */
export const dni: Recogniser = nationalId({
  type: 'pii.national_id.hn_dni',
  name: 'DNI (Honduras)',
  plain: '\\d{13}',
  printed: ['####-####-#####'],
  near: ['dni', 'identidad', 'rtn'],
  source: 'RNP',
  since: '0.2.0',
  finds: ['dni: «0801198304182»', 'dni «0801-1983-04182»'],
  ignores: ['order 0801198304182 was sent'],
});
