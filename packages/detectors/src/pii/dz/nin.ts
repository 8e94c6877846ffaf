import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: none published. Usually written together. */
export const nin: Recogniser = nationalId({
  type: 'pii.national_id.dz_nin',
  name: 'NIN (Algeria)',
  plain: '\\d{18}',
  near: ['nin', 'الرقم الوطني', 'numéro d identification national', 'رقم التعريف الوطني'],
  source: 'law',
  since: '0.2.0',
  finds: ['nin: «109830417264052817»'],
  ignores: ['order 109830417264052817 was sent'],
});
