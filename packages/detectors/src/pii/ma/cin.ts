import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: none. Usually written together. */
export const cin: Recogniser = nationalId({
  type: 'pii.national_id.ma_cin',
  name: 'CNIE (Morocco)',
  plain: '[A-Z]{1,2}\\d{5,6}',
  near: ["carte d'identité nationale", 'cin', 'cnie', 'بطاقة التعريف', 'carte nationale', 'البطاقة الوطنية'],
  source: 'DGSN',
  since: '0.2.0',
  finds: ['cin: «BK418270»'],
  ignores: ['order BK418270 was sent'],
});
