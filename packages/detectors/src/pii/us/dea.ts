import { at } from '../../check/numbers.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: (d1+d3+d5)+2(d2+d4+d6) last digit = d7. Usually written together. */
export const dea: Recogniser = nationalId({
  type: 'pii.national_id.us_dea',
  name: 'DEA number (United States)',
  plain: '[ABCDEFGHJKLMPRSTUX][A-Z9]\\d{7}',
  check: (s) => (at(s, 2) + at(s, 4) + at(s, 6) + 2 * (at(s, 3) + at(s, 5) + at(s, 7))) % 10 === at(s, 8),
  near: ['dea registration', 'provider number', 'dea'],
  source: 'DEA',
  since: '0.2.0',
  finds: ['dea: «BK4182705»'],
  ignores: ['dea: BK4182706', 'order BK4182705 was sent'],
});
