import { at, falling, weighted } from '../../check/numbers.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: W[10..2]%11; r<2→r else 11-r. Usually written NNN-NNNNNN-N. */
export const melli: Recogniser = nationalId({
  type: 'pii.national_id.ir_melli',
  name: 'کد ملی (Iran)',
  plain: '\\d{10}',
  aloneElsewhere: ['###-######-#'],
  check: (s) => {
    const rest = weighted(s, falling(10, 2)) % 11;
    return (rest < 2 ? rest : 11 - rest) === at(s, 9) && !/^(\d)\1+$/.test(s);
  },
  near: ['کد ملی', 'کدملی', 'national code', 'شماره ملی', 'شناسه ملی'],
  source: 'law',
  since: '0.2.0',
  finds: ['(«041-827056-2»)', 'کد ملی: «0418270562»', 'کد ملی «041-827056-2»'],
  ignores: ['کد ملی: 0418270563', 'order 0418270562 was sent'],
});
