import { isBirthNumber } from '../../check/shared-checks.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/**
 * Check: whole mod 11 = 0 (or first 9 mod 11 = 10 with C=0); month +50 women, +20/+70 from 2004. Usually written
 * YYMMDD/NNNC.
 */
export const rc: Recogniser = nationalId({
  type: 'pii.national_id.cz_rc',
  name: 'Rodné číslo (Czechia)',
  plain: '\\d{9,10}',
  alone: ['######/####'],
  check: (s) => isBirthNumber(s),
  near: ['rodné číslo', 'rč', 'r.č.', 'birth number'],
  strong: true,
  source: 'zákon 133/2000',
  since: '0.2.0',
  finds: ['rodné číslo: «8304172646»', '(«830417/2646»)'],
  ignores: ['rodné číslo: 8304172647', 'order 8304172646 was sent'],
});
