import { isBirthNumber } from '../../check/shared-checks.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: as CZ. Usually written YYMMDD/NNNC. */
export const rc: Recogniser = nationalId({
  type: 'pii.national_id.sk_rc',
  name: 'Rodné číslo (Slovakia)',
  plain: '\\d{9,10}',
  alone: ['######/####'],
  check: (s) => isBirthNumber(s),
  near: ['rodné číslo', 'r.č.'],
  strong: true,
  source: 'zákon 301/1995',
  since: '0.2.0',
  finds: ['rodné číslo: «8354172640»', '(«835417/2640»)'],
  ignores: ['rodné číslo: 8354172641', 'order 8354172640 was sent'],
});
