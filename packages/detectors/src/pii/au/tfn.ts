import { weighted } from '../../check/numbers.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: W[1,4,3,7,5,8,6,9,10]%11=0. Usually written NNN NNN NNN. */
export const tfn: Recogniser = nationalId({
  type: 'pii.national_id.au_tfn',
  name: 'Tax file number (Australia)',
  plain: '\\d{9}',
  printed: ['### ### ###'],
  check: (s) => weighted(s, [1, 4, 3, 7, 5, 8, 6, 9, 10]) % 11 === 0,
  near: ['tfn', 'tax file number', 'tax file'],
  source: 'ATO (weights commonly known)',
  since: '0.2.0',
  finds: ['tfn: «418270560»', 'tfn «418 270 560»'],
  ignores: ['tfn: 418270561', 'order 418270560 was sent'],
});
