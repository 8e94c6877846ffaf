import { falling, part, weighted } from '../../check/numbers.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Nothing is left until 2010, 42 or 55 since. */
function isVat(number: string): boolean {
  const rest = (weighted(number, falling(8, 2)) + part(number, 7, 9)) % 97;
  return rest === 0 || rest === 42 || rest === 55;
}

/** Check: W[8..2] and the last two digits, modulo 97. */
export const vat: Recogniser = nationalId({
  type: 'pii.national_id.gb_vat',
  name: 'VAT number (United Kingdom)',
  plain: '(?:GB|XI)(?:\\d{9}|\\d{12})|\\d{9}',
  printed: ['### #### ##', 'GB ### #### ##', 'GB### #### ##'],
  check: (s) => isVat(s.replace(/^[A-Z]{2}/, '')),
  near: ['vat', 'vat no', 'vat registration'],
  source: 'HMRC',
  since: '0.3.0',
  finds: ['vat: «GB418270504»', 'vat «418 2705 04»'],
  ignores: ['vat: GB418270505', 'order GB418270504 was sent'],
});
