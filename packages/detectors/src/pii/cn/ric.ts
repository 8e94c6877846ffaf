import { isDay, part, weighted } from '../../check/numbers.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: W[7,9,10,5,8,4,2,1,6,3,7,9,10,5,8,4,2]%11 → 10X98765432; region + YYYYMMDD. Usually written together. */
export const ric: Recogniser = nationalId({
  type: 'pii.national_id.cn_ric',
  name: '居民身份证 (China)',
  plain: '[1-6]\\d{16}[0-9X]',
  plainAlone: true,
  check: (s) =>
    '10X98765432'[weighted(s, [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]) % 11] === s[17] &&
    /^(?:18|19|20)/.test(s.slice(6)) &&
    isDay(part(s, 10, 12), part(s, 12, 14)),
  near: [
    '公民身份号码',
    '身份证号码',
    '居民身份证',
    '证件号码',
    '身份证',
    '身份证号',
    'id card',
    '证件号',
    'identity card',
  ],
  strong: true,
  source: 'GB 11643-1999',
  since: '0.2.0',
  finds: ['«110105198304172645»'],
  ignores: ['身份证: 110105198304172646'],
});
