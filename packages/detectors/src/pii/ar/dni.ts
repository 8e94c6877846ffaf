import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: none. Usually written NN.NNN.NNN. */
export const dni: Recogniser = nationalId({
  type: 'pii.national_id.ar_dni',
  name: 'DNI (Argentina)',
  plain: '\\d{7,8}',
  printed: ['##.###.###'],
  near: ['dni', 'd.n.i.', 'documento', 'documento nacional'],
  source: 'RENAPER',
  since: '0.2.0',
  finds: ['dni: «38164205»', 'dni «38.164.205»'],
  ignores: ['order 38164205 was sent'],
});
