import { weighted } from '../../check/numbers.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: weights 2..7 from the right; 11-s%11; 11→0, 10→K. Usually written NN.NNN.NNN-K. */
export const rut: Recogniser = nationalId({
  type: 'pii.national_id.cl_rut',
  name: 'RUT / RUN (Chile)',
  plain: '\\d{7,8}[0-9K]',
  printed: ['########-#', '#######-#'],
  alone: ['##.###.###-*', '#.###.###-*'],
  aloneElsewhere: ['########-K', '#######-K'],
  check: (s) => {
    const body = [...s.slice(0, -1)].toReversed().join('');
    const check = 11 - (weighted(body, [2, 3, 4, 5, 6, 7, 2, 3].slice(0, body.length)) % 11);
    return (check === 11 ? '0' : check === 10 ? 'K' : String(check)) === s.at(-1);
  },
  near: ['rol único tributario', 'rut', 'rol único'],
  source: 'SII',
  since: '0.2.0',
  finds: ['rut: «174182701»', '(«17.418.270-1»)'],
  ignores: ['rut: 174182702', 'order 174182701 was sent'],
});
