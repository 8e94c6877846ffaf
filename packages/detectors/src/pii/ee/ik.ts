import { isBirthYear } from '../../check/other-numbers.ts';
import { isBalticCode } from '../../check/shared-checks.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: W[1..9,1]%11; if 10 W[3..9,1,2,3]%11; if 10 → 0; G YYMMDD. Usually written together. */
export const ik: Recogniser = nationalId({
  type: 'pii.national_id.ee_ik',
  name: 'Isikukood (Estonia)',
  plain: '[1-8]\\d{10}',
  check: (s) => isBalticCode(s),
  // Sex and century, then the date.
  digitsAlone: [11, (s) => /^[34]/.test(s) && isBirthYear(s, 1)],
  near: ['isikukood', 'ik'],
  strong: true,
  source: 'EVS 585',
  since: '0.2.0',
  finds: ['isikukood: «38304172641»', '(«38304172641»)'],
  ignores: ['isikukood: 38304172642', 'order 38304172641 was sent'],
});
