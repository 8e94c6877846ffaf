import { verhoeff } from '../../check/verhoeff.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: Verhoeff. */
export const vid: Recogniser = nationalId({
  type: 'pii.national_id.in_vid',
  name: 'Aadhaar virtual ID (India)',
  plain: '[2-9]\\d{15}',
  printed: ['#### #### #### ####'],
  check: (s) => verhoeff(s),
  near: ['vid', 'virtual id', 'aadhaar'],
  source: 'UIDAI',
  since: '0.3.0',
  finds: ['vid: «4182705639182701»', 'vid «4182 7056 3918 2701»'],
  ignores: ['vid: 4182705639182702', 'order 4182705639182701 was sent'],
});
