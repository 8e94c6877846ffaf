import { falling, valueOf, weighted } from '../../check/numbers.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: W[9..2] letters A=10, missing first = 36; 11-s%11; 10→A. Usually written A123456(C). */
export const id: Recogniser = nationalId({
  type: 'pii.national_id.hk_id',
  name: 'HKID (Hong Kong)',
  plain: '[A-Z]{1,2}\\d{6}[0-9A]',
  aloneElsewhere: ['A######(*)', 'AA######(*)'],
  check: (s) => {
    // One letter counts as two, the first of which is worth 36.
    const first = s.length === 9 ? 9 * valueOf(s[0]) : 9 * 36;
    const rest = (first + weighted(s.slice(-8), falling(8, 2))) % 11;
    const check = (11 - rest) % 11;
    return (check === 10 ? 'A' : String(check)) === s.at(-1);
  },
  near: ['hkid', '身份證', 'identity card'],
  source: 'Immigration Dept (commonly known)',
  since: '0.2.0',
  finds: ['(«K418270(7)»)', 'hkid: «K4182707»', 'hkid «K418270(7)»'],
  ignores: ['hkid: K4182708', 'order K4182707 was sent'],
});
