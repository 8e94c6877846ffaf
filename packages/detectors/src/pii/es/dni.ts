import { part } from '../../check/numbers.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: n%23 → TRWAGMYFPDXBNJZSQVHLCKE. Usually written NNNNNNNN-L, NN.NNN.NNN-L. */
export const dni: Recogniser = nationalId({
  type: 'pii.national_id.es_dni',
  name: 'DNI / NIF (Spain)',
  plain: '\\d{8}[A-Z]',
  printed: ['########-A', '##.###.###-A'],
  check: (s) => 'TRWAGMYFPDXBNJZSQVHLCKE'[part(s, 0, 8) % 23] === s[8],
  near: ['dni', 'nif', 'documento nacional', 'documento nacional de identidad', 'nº dni'],
  source: 'RD 1553/2005',
  since: '0.2.0',
  finds: ['dni: «41827056S»', 'dni «41827056-S»', 'dni «41.827.056-S»'],
  ignores: ['dni: 41827057S', 'order 41827056S was sent'],
});
