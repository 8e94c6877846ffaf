import { isDay, part } from '../../check/numbers.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: W[13..2] alphabet 0-9A-N&O-Z␠Ñ; 11-s%11; 10→A. Usually written together. */
export const rfc: Recogniser = nationalId({
  type: 'pii.national_id.mx_rfc',
  name: 'RFC (Mexico)',
  plain: '[A-ZÑ&]{3,4}\\d{6}[A-Z0-9]{2}[0-9A]',
  plainAlone: true,
  check: (s) => {
    if (!isDay(part(s, s.length - 7, s.length - 5), part(s, s.length - 5, s.length - 3))) return false;
    const signs = '0123456789ABCDEFGHIJKLMN&OPQRSTUVWXYZ Ñ';
    const sum = [...s.padStart(13, ' ').slice(0, 12)].reduce(
      (total, sign, i) => total + signs.indexOf(sign) * (13 - i),
      0,
    );
    const check = 11 - (sum % 11);
    return (check === 11 ? '0' : check === 10 ? 'A' : String(check)) === s.at(-1);
  },
  near: ['rfc'],
  strong: true,
  source: 'SAT',
  since: '0.2.0',
  finds: ['«KOTL830417K4A»'],
  ignores: ['rfc: KOTL830417K5A'],
});
