import { weighted } from '../../check/numbers.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: from the right W[3,7,13,17,19,23,29,37,41,43,47]; r<2→r else 11-r. Usually written NNN.NNN.NNN-N. */
export const nit: Recogniser = nationalId({
  type: 'pii.national_id.co_nit',
  name: 'NIT (Colombia)',
  plain: '\\d{8,9}\\d',
  printed: ['#########-#'],
  alone: ['###.###.###-#'],
  check: (s) => {
    const body = [...s.slice(0, -1)].toReversed().join('');
    const rest = weighted(body, [3, 7, 13, 17, 19, 23, 29, 37, 41, 43, 47].slice(0, body.length)) % 11;
    return (rest < 2 ? rest : 11 - rest) === Number(s.at(-1));
  },
  near: ['número de identificación tributaria', 'identificación tributaria', 'nit', 'rut'],
  source: 'DIAN',
  since: '0.2.0',
  finds: ['nit: «900418277»'],
  ignores: ['nit: 900418278', 'order 900418277 was sent'],
});
