import { isBirthYear } from '../../check/other-numbers.ts';
import { isBalticCode } from '../../check/shared-checks.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: as EE. Usually written together. */
export const ak: Recogniser = nationalId({
  type: 'pii.national_id.lt_ak',
  name: 'Asmens kodas (Lithuania)',
  plain: '[1-6]\\d{10}',
  check: (s) => isBalticCode(s),
  // Sex and century, then the date.
  digitsAlone: [11, (s) => /^[34]/.test(s) && isBirthYear(s, 1)],
  near: ['asmens kodas', 'a.k.', 'a k'],
  strong: true,
  source: 'law',
  since: '0.2.0',
  finds: ['asmens kodas: «48304172642»', '(«48304172642»)'],
  ignores: ['asmens kodas: 48304172643', 'order 48304172642 was sent'],
});
