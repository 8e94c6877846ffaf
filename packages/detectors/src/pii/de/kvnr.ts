import { at, digitSum } from '../../check/numbers.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: letter→2 digits; W[1,2,1,2,..] digit sums %10. Usually written together. */
export const kvnr: Recogniser = nationalId({
  type: 'pii.national_id.de_kvnr',
  name: 'Krankenversichertennummer (Germany)',
  plain: '[A-Z]\\d{9}',
  printed: ['A### ### ###'],
  check: (s) => {
    const digits = String(s.charCodeAt(0) - 64).padStart(2, '0') + s.slice(1, 9);
    let sum = 0;
    for (let i = 0; i < digits.length; i++) sum += digitSum(at(digits, i) * (1 + (i % 2)));
    return sum % 10 === at(s, 9);
  },
  near: [
    'krankenversicherungsnummer',
    'krankenversicherung',
    'health insurance number',
    'krankenversichertennummer',
    'kvnr',
    'versichertennummer',
    'egk',
  ],
  source: 'SGB V §290',
  since: '0.2.0',
  finds: ['krankenversichertennummer: «K418270566»', 'krankenversichertennummer «K418 270 566»'],
  ignores: ['krankenversichertennummer: K418270567', 'order K418270566 was sent'],
});
