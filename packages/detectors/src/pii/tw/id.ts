import { weighted } from '../../check/numbers.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: letter→2 digits W[1,9], W[8..1,1]%10=0. Usually written together. */
export const id: Recogniser = nationalId({
  type: 'pii.national_id.tw_id',
  name: '身分證 (Taiwan)',
  plain: '[A-Z][1289]\\d{8}',
  check: (s) => {
    // The letters of the places in the order in which they were numbered.
    const place = 'ABCDEFGHJKLMNPQRSTUVXYWZIO'.indexOf(s[0]!) + 10;
    return (Math.floor(place / 10) + (place % 10) * 9 + weighted(s.slice(1), [8, 7, 6, 5, 4, 3, 2, 1, 1])) % 10 === 0;
  },
  near: ['身份證字號', '統一證號', '身份證', '身分證', '身分證字號', '居留證'],
  source: 'MOI',
  since: '0.2.0',
  finds: ['身分證: «K241827054»'],
  ignores: ['身分證: K241827055', 'order K241827054 was sent'],
});
