import { at, weighted } from '../../check/numbers.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: W[3,7,3,7,3,7,3,7]%10. Usually written NNN NNN NNN. */
export const taj: Recogniser = nationalId({
  type: 'pii.national_id.hu_taj',
  name: 'TAJ (Hungary)',
  plain: '\\d{9}',
  printed: ['### ### ###'],
  check: (s) => weighted(s, [3, 7, 3, 7, 3, 7, 3, 7]) % 10 === at(s, 8),
  near: ['társadalombiztosítási azonosító', 'taj', 'taj szám'],
  source: '1996. XX. tv.',
  since: '0.2.0',
  finds: ['taj: «418270565»', 'taj «418 270 565»'],
  ignores: ['taj: 418270566', 'order 418270565 was sent'],
});
