import { at, digitSum } from '../../check/numbers.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

function isAustrianVat(number: string): boolean {
  let sum = 0;
  for (let i = 0; i < 7; i++) sum += digitSum(at(number, 3 + i) * (1 + (i % 2)));
  return (96 - sum) % 10 === at(number, 10);
}

/** Check: Digit sums of W[1,2,1,2,1,2,1]; (96-s)%10. */
export const uid: Recogniser = nationalId({
  type: 'pii.national_id.at_uid',
  name: 'Umsatzsteuer-Identifikationsnummer (Austria)',
  plain: 'ATU\\d{8}',
  plainAlone: true,
  check: (s) => isAustrianVat(s),
  near: ['uid', 'vat', 'ust id'],
  source: 'BMF',
  since: '0.3.0',
  finds: ['uid: «ATU41827056»', '(«ATU41827056»)'],
  ignores: ['uid: ATU41827057'],
});
