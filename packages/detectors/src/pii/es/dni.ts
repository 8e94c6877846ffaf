import { part } from '../../check/numbers.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: n%23 → TRWAGMYFPDXBNJZSQVHLCKE. Usually written NNNNNNNN-L, NN.NNN.NNN-L. */
export const dni: Recogniser = nationalId({
  type: 'pii.national_id.es_dni',
  name: 'DNI / NIF (Spain)',
  plain: '\\d{8}[A-Z]',
  aloneElsewhere: ['########-A', '##.###.###-A'],
  printed: ['########-A', '##.###.###-A'],
  check: (s) => 'TRWAGMYFPDXBNJZSQVHLCKE'[part(s, 0, 8) % 23] === s[8],
  plainAlone: 'elsewhere',
  // `16777216K` is a size, `20240115S` a date.
  checkAlone: (s) => !/[KMGBT]$|^(?:19|20)\d\d(?:0[1-9]|1[0-2])[0-3]/.test(s),
  near: ['dni', 'nif', 'documento nacional', 'documento nacional de identidad', 'nº dni'],
  source: 'RD 1553/2005',
  since: '0.2.0',
  finds: ['(«41.827.056-S»)', 'dni: «41827056S»', 'dni «41827056-S»', 'dni «41.827.056-S»'],
  ignores: ['dni: 41827057S', 'order 41827056S was sent'],
});
