import { at, weighted } from '../../check/numbers.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/**
 * Check: letter V4 E8 J12 P16 G20 + W[3,2,7,6,5,4,3,2]; 11-s%11; >9→0. Usually written V-NNNNNNNN-N; cédula
 * V-NN.NNN.NNN.
 */
export const rif: Recogniser = nationalId({
  type: 'pii.national_id.ve_rif',
  name: 'RIF / cédula (Venezuela)',
  plain: '[VEJPGC]\\d{9}',
  alone: ['A-########-#'],
  check: (s) => {
    const letter = { V: 4, E: 8, J: 12, P: 16, G: 20, C: 12 }[s[0] as 'V'];
    const check = 11 - ((letter + weighted(s.slice(1), [3, 2, 7, 6, 5, 4, 3, 2])) % 11);
    return (check > 9 ? 0 : check) === at(s, 9);
  },
  near: ['rif', 'cédula'],
  source: 'SENIAT',
  since: '0.2.0',
  finds: ['rif: «V041827056»', '(«V-04182705-6»)'],
  ignores: ['rif: V041827057', 'order V041827056 was sent'],
});
