import { isDay, part } from '../../check/numbers.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: none; PB 01-16,21-59,60-99. Usually written YYMMDD-PB-NNNG. */
export const nric: Recogniser = nationalId({
  type: 'pii.national_id.my_nric',
  name: 'MyKad (Malaysia)',
  plain: '\\d{6}\\d{2}\\d{4}',
  alone: ['######-##-####'],
  check: (s) => isDay(part(s, 2, 4), part(s, 4, 6)) && part(s, 6, 8) >= 1 && ![17, 18, 19, 20].includes(part(s, 6, 8)),
  near: ['ic number', 'ic no', 'no kp', 'mykad', 'nric', 'no. kp', 'kad pengenalan', 'i/c'],
  source: 'JPN',
  since: '0.2.0',
  finds: ['mykad: «830417145820»', '(«830417-14-5820»)'],
  ignores: ['order 830417145820 was sent'],
});
