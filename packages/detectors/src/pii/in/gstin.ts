import { valueOf } from '../../check/numbers.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: base-36 Luhn-like (factor 1,2). Usually written together. */
export const gstin: Recogniser = nationalId({
  type: 'pii.national_id.in_gstin',
  name: 'GSTIN (India)',
  plain: '[0-3]\\d[A-Z]{5}\\d{4}[A-Z][0-9A-Z]Z[0-9A-Z]',
  plainAlone: true,
  check: (s) => {
    const signs = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';
    let sum = 0;
    for (let i = 0; i < 14; i++) {
      const product = valueOf(s[i]) * (1 + (i % 2));
      sum += Math.floor(product / 36) + (product % 36);
    }
    return signs[(36 - (sum % 36)) % 36] === s[14];
  },
  near: ['gstin', 'gst'],
  strong: true,
  source: 'GSTN',
  since: '0.2.0',
  finds: ['«27KTQPL4182M1ZN»'],
  ignores: ['gstin: 27KTQPL4182M2ZN'],
});
