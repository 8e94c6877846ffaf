import { falling, weighted } from '../../check/numbers.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: W[8..2] and nine times the last letter, modulo 23. */
export const vat: Recogniser = nationalId({
  type: 'pii.national_id.ie_vat',
  name: 'VAT number (Ireland)',
  plain: 'IE\\d{7}[A-W][A-I]?',
  plainAlone: true,
  check: (s) =>
    'WABCDEFGHIJKLMNOPQRSTUV'[
      (weighted(s.slice(2, 9), falling(8, 2)) + 9 * (s[10] === undefined ? 0 : s.charCodeAt(10) - 64)) % 23
    ] === s[9],
  near: ['vat'],
  source: 'Revenue Commissioners',
  since: '0.3.0',
  finds: ['vat: «IE4182705T»', '(«IE4182705T»)'],
  ignores: ['vat: IE4182706T'],
});
