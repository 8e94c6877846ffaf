import { valueOf } from '../../check/numbers.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: Luhn over base 36 (double from the left, -9). Usually written NNNNNNNN N ZZN. */
export const cc: Recogniser = nationalId({
  type: 'pii.national_id.pt_cc',
  name: 'Cartão de Cidadão (Portugal)',
  plain: '\\d{9}[0-9A-Z]{2}\\d',
  aloneElsewhere: ['######## # **#'],
  check: (s) => {
    let sum = 0;
    for (let i = 0; i < 12; i++) {
      const value = valueOf(s[i]) * (i % 2 === 0 ? 2 : 1);
      sum += i % 2 === 0 && value > 9 ? value - 9 : value;
    }
    return sum % 10 === 0;
  },
  plainAlone: 'elsewhere',
  // The version has letters: twelve digits are many things.
  checkAlone: (s) => /^\d{9}[A-Z]{2}\d$/.test(s),
  near: ['bilhete de identidade', 'cc', 'cartão de cidadão'],
  source: 'AMA',
  since: '0.2.0',
  finds: ['cartão de cidadão: «041827056ZX5»', 'cartão de cidadão «04182705 6 ZX5»'],
  ignores: ['cartão de cidadão: 041827056ZX6', 'order 041827056ZX5 was sent'],
});
