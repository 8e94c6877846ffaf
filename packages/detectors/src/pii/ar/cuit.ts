import { at, weighted } from '../../check/numbers.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: W[5,4,3,2,7,6,5,4,3,2]; c=11-s%11; 11→0, 10→9. Usually written XX-XXXXXXXX-X. */
export const cuit: Recogniser = nationalId({
  type: 'pii.national_id.ar_cuit',
  name: 'CUIT / CUIL (Argentina)',
  plain: '(?:20|23|24|25|26|27|30|33|34)\\d{9}',
  alone: ['##-########-#'],
  check: (s) => {
    const check = 11 - (weighted(s, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11);
    return (check === 11 ? 0 : check === 10 ? 9 : check) === at(s, 10);
  },
  near: ['cuit', 'cuil', 'clave única'],
  strong: true,
  source: 'AFIP/ARCA',
  since: '0.2.0',
  finds: ['cuit: «27354180265»', '(«27-35418026-5»)'],
  ignores: ['cuit: 27354180266', 'order 27354180265 was sent'],
});
