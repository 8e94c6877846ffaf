import { verhoeff } from '../../check/verhoeff.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: Verhoeff; also VID 16. Usually written NNNN NNNN NNNN. */
export const aadhaar: Recogniser = nationalId({
  type: 'pii.national_id.in_aadhaar',
  name: 'Aadhaar (India)',
  plain: '[2-9]\\d{11}',
  aloneElsewhere: ['####-####-####'],
  printed: ['#### #### ####'],
  check: (s) => verhoeff(s),
  near: ['aadhaar', 'aadhar', 'आधार', 'uid', 'uidai', 'aadhar card'],
  source: 'UIDAI',
  since: '0.2.0',
  finds: ['(«4182-7056-3912»)', 'aadhaar: «418270563912»', 'aadhaar «4182 7056 3912»'],
  ignores: ['aadhaar: 418270563913', 'order 418270563912 was sent'],
});
