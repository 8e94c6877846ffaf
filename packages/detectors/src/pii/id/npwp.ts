import { luhn } from '../../check/luhn.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: first 9 Luhn; since 2024 16 digits = NIK or 0+15. Usually written NN.NNN.NNN.N-NNN.NNN. */
export const npwp: Recogniser = nationalId({
  type: 'pii.national_id.id_npwp',
  name: 'NPWP (15) (Indonesia)',
  plain: '\\d{15}',
  alone: ['##.###.###.#-###.###'],
  check: (s) => luhn(s.slice(0, 9)),
  near: ['npwp'],
  source: 'DJP',
  since: '0.2.0',
  finds: ['npwp: «418270567401000»', '(«41.827.056.7-401.000»)'],
  ignores: ['order 418270567401000 was sent'],
});
