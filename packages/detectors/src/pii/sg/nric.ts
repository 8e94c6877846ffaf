import { weighted } from '../../check/numbers.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/**
 * Check: W[2,7,6,5,4,3,2], T,G +4, M +3; %11; ST JZIHGFEDCBA, FG XWUTRQPNMLK, M XWUTRQPNJLK. Usually written together.
 */
export const nric: Recogniser = nationalId({
  type: 'pii.national_id.sg_nric',
  name: 'NRIC / FIN (Singapore)',
  plain: '[STFGM]\\d{7}[A-Z]',
  plainAlone: true,
  check: (s) => {
    const offset = s.startsWith('M') ? 3 : /^[TG]/.test(s) ? 4 : 0;
    const letters = /^[ST]/.test(s) ? 'JZIHGFEDCBA' : s.startsWith('M') ? 'XWUTRQPNJLK' : 'XWUTRQPNMLK';
    return letters[(offset + weighted(s.slice(1), [2, 7, 6, 5, 4, 3, 2])) % 11] === s[8];
  },
  near: ['nric', 'fin', 'identity card'],
  strong: true,
  source: 'ICA (commonly known)',
  since: '0.2.0',
  finds: ['«S4182705Z»'],
  ignores: ['nric: S4182706Z'],
});
