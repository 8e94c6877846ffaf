import { at, weighted } from '../../check/numbers.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: W[4,9,4,9,4,9]; (10-s%10)%10 is the seventh digit, then two digits of the field. */
export const lanr: Recogniser = nationalId({
  type: 'pii.national_id.de_lanr',
  name: 'Lebenslange Arztnummer (Germany)',
  plain: '\\d{9}',
  check: (s) => (10 - (weighted(s, [4, 9, 4, 9, 4, 9]) % 10)) % 10 === at(s, 6),
  near: ['lanr', 'arztnummer', 'arzt nr'],
  source: 'KBV, Richtlinie zur Arztnummer',
  since: '0.3.0',
  finds: ['lanr: «418270700»'],
  ignores: ['order 418270700 was sent'],
});
