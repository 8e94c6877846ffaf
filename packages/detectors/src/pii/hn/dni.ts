import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: none; department, municipality, year. Usually written NNNN-NNNN-NNNNN. */
export const dni: Recogniser = nationalId({
  type: 'pii.national_id.hn_dni',
  name: 'DNI (Honduras)',
  plain: '\\d{13}',
  aloneElsewhere: ['####-####-#####'],
  // A department and a municipality, and the year of registration.
  check: (s) => /^(?:0[1-9]|1[0-8])(?!00)\d\d(?:19[2-9]|20[0-3])/.test(s),
  near: ['dni', 'identidad', 'rtn'],
  source: 'RNP',
  since: '0.2.0',
  finds: ['(«0801-1983-04182»)', 'dni: «0801198304182»', 'dni «0801-1983-04182»'],
  ignores: ['order 0801198304182 was sent', '(0801-2983-04182)'],
});
