import { at, isDay, part } from '../../check/numbers.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: alphabet with Ñ, W[18..2]; -s%10. Usually written together. */
export const curp: Recogniser = nationalId({
  type: 'pii.national_id.mx_curp',
  name: 'CURP (Mexico)',
  plain: '[A-Z][AEIOUX][A-Z]{2}\\d{6}[HMX][A-Z]{5}[0-9A-Z]\\d',
  plainAlone: true,
  check: (s) => {
    const signs = '0123456789ABCDEFGHIJKLMNÑOPQRSTUVWXYZ';
    const sum = [...s.slice(0, 17)].reduce((total, sign, i) => total + signs.indexOf(sign) * (18 - i), 0);
    return isDay(part(s, 6, 8), part(s, 8, 10)) && (10 - (sum % 10)) % 10 === at(s, 17);
  },
  near: ['curp', 'clave única'],
  strong: true,
  source: 'RENAPO',
  since: '0.2.0',
  finds: ['«KOTL830417MDFRMR03»'],
  ignores: ['curp: KOTL830417MDFRMR04'],
});
