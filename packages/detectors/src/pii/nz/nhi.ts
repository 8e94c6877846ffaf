import { at } from '../../check/numbers.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/**
 * Check: letters 1..24 no I O; W[7..2]; old 11-s%11 (10→0), new 23-s%23 → letter (24 letters). Usually written
 * together.
 */
export const nhi: Recogniser = nationalId({
  type: 'pii.national_id.nz_nhi',
  name: 'NHI (New Zealand)',
  plain: '[A-HJ-NP-Z]{3}\\d{4}|[A-HJ-NP-Z]{3}\\d{2}[A-HJ-NP-Z]{2}',
  check: (s) => {
    const letters = ' ABCDEFGHJKLMNPQRSTUVWXYZ';
    let sum = 0;
    for (let i = 0; i < 6; i++) sum += (letters.indexOf(s[i]!) > 0 ? letters.indexOf(s[i]!) : at(s, i)) * (7 - i);
    if (/[A-Z]$/.test(s)) return letters[23 - (sum % 23)] === s[6];
    return sum % 11 !== 0 && (11 - (sum % 11)) % 10 === at(s, 6);
  },
  near: ['nhi'],
  source: 'HISO 10046',
  since: '0.2.0',
  finds: ['nhi: «KTQ4189»'],
  ignores: ['nhi: KTQ4180', 'order KTQ4189 was sent'],
});
