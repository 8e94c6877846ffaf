import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: none. Usually written together. */
export const cin: Recogniser = nationalId({
  type: 'pii.national_id.tn_cin',
  name: 'CIN (Tunisia)',
  plain: '[01]\\d{7}',
  near: ['cin', 'بطاقة التعريف', 'carte d identité nationale', 'carte nationale'],
  source: 'MoI',
  since: '0.2.0',
  finds: ['cin: «04182705»'],
  ignores: ['order 04182705 was sent'],
});
