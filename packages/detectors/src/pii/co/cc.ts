import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: none. Usually written N.NNN.NNN.NNN. */
export const cc: Recogniser = nationalId({
  type: 'pii.national_id.co_cc',
  name: 'Cédula de ciudadanía (Colombia)',
  plain: '\\d{6,10}',
  printed: ['#.###.###.###', '##.###.###'],
  near: ['cédula de ciudadanía', 'cédula', 'tarjeta de identidad'],
  source: 'Registraduría',
  since: '0.2.0',
  finds: ['cédula: «1041827056»', 'cédula «1.041.827.056»'],
  ignores: ['order 1041827056 was sent'],
});
