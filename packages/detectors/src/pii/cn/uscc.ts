import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: 31-(Σ v·3^i mod 31); alphabet without I O S V Z. Usually written together. */
export const uscc: Recogniser = nationalId({
  type: 'pii.national_id.cn_uscc',
  name: '统一社会信用代码 (China)',
  plain: '[0-9A-HJ-NPQRTUWXY]{2}\\d{6}[0-9A-HJ-NPQRTUWXY]{10}',
  check: (s) => {
    const signs = '0123456789ABCDEFGHJKLMNPQRTUWXY';
    const weights = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
    const sum = weights.reduce((total, weight, i) => total + weight * signs.indexOf(s[i]!), 0);
    return (31 - (sum % 31)) % 31 === signs.indexOf(s[17]!);
  },
  plainAlone: 'elsewhere',
  // Eighteen digits are many things; the kinds of registration, then the code of a region.
  checkAlone: (s) => /^(?:1[1239]|5[1239]|9[123])[1-8]/.test(s) && /[A-Z]/.test(s),
  near: [
    '社会信用代码',
    'unified social credit',
    'social credit code',
    '统一社会信用代码',
    '信用代码',
    '税号',
    '纳税人识别号',
  ],
  strong: true,
  source: 'GB 32100-2015',
  since: '0.2.0',
  finds: ['统一社会信用代码: «91418270MA5K2LXQ49»'],
  ignores: ['统一社会信用代码: 91418270MA5K2LXQ40', 'order 91418270MA5K2LXQ49 was sent'],
});
