import { falling, weighted } from '../../check/numbers.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: from the right 2,3,…; >1 → 11-r else 0. Usually written NNNNNNN-N. */
export const ruc: Recogniser = nationalId({
  type: 'pii.national_id.py_ruc',
  name: 'RUC (Paraguay)',
  plain: '\\d{6,8}\\d',
  printed: ['#######-#'],
  check: (s) => {
    const body = [...s.slice(0, -1)].toReversed().join('');
    const rest = weighted(body, falling(2, body.length + 1)) % 11;
    return (rest > 1 ? 11 - rest : 0) === Number(s.at(-1));
  },
  near: ['registro único del contribuyente', 'ruc', 'cédula'],
  source: 'SET',
  since: '0.2.0',
  finds: ['ruc: «41827058»', 'ruc «4182705-8»'],
  ignores: ['ruc: 41827059', 'order 41827058 was sent'],
});
