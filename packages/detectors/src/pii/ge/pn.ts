import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: none published. Usually written together. */
export const pn: Recogniser = nationalId({
  type: 'pii.national_id.ge_pn',
  name: 'პირადი ნომერი (Georgia)',
  plain: '\\d{11}',
  near: ['პირადი ნომერი', 'personal number', 'პირადობის ნომერი', 'პირადობა'],
  source: 'law',
  since: '0.2.0',
  finds: ['პირადი ნომერი: «01041827056»'],
  ignores: ['order 01041827056 was sent'],
});
