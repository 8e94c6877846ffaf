import { at } from '../../check/numbers.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: Σ of ((d+9-i)%10·2^(9-i))%9 (0→9); -s%10. Usually written together. */
export const vkn: Recogniser = nationalId({
  type: 'pii.national_id.tr_vkn',
  name: 'Vergi kimlik no (Türkiye)',
  plain: '\\d{10}',
  check: (s) => {
    let sum = 0;
    for (let i = 0; i < 9; i++) {
      const shifted = (at(s, i) + 9 - i) % 10;
      if (shifted !== 0) sum += (shifted * 2 ** (9 - i)) % 9 || 9;
    }
    return (10 - (sum % 10)) % 10 === at(s, 9);
  },
  near: ['vergi numarası', 'vergi kimlik', 'vkn', 'vergi no'],
  source: 'GİB',
  since: '0.2.0',
  finds: ['vergi kimlik: «4182705630»'],
  ignores: ['vergi kimlik: 4182705631', 'order 4182705630 was sent'],
});
