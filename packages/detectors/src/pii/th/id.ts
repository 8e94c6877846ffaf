import { at, falling, weighted } from '../../check/numbers.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: W[13..2]; (11-s%11)%10. Usually written N-NNNN-NNNNN-NN-N. */
export const id: Recogniser = nationalId({
  type: 'pii.national_id.th_id',
  name: 'เลขประจำตัวประชาชน (Thailand)',
  plain: '[1-8]\\d{12}',
  alone: ['#-####-#####-##-#'],
  aloneElsewhere: ['# #### ##### ## #'],
  check: (s) => (11 - (weighted(s, falling(13, 2)) % 11)) % 10 === at(s, 12),
  near: ['thai national id', 'เลขประจำตัวประชาชน', 'เลขบัตรประชาชน', 'บัตรประชาชน', 'thai id'],
  source: 'DOPA',
  since: '0.2.0',
  finds: ['เลขประจำตัวประชาชน: «1418270563913»', '(«1-4182-70563-91-3»)'],
  ignores: ['เลขประจำตัวประชาชน: 1418270563914', 'order 1418270563913 was sent'],
});
