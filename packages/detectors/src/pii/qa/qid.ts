import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: none published; YY + country. Usually written together. */
export const qid: Recogniser = nationalId({
  type: 'pii.national_id.qa_qid',
  name: 'QID (Qatar)',
  plain: '[23]\\d{10}',
  near: ['qatar id', 'qid', 'رقم البطاقة', 'رقم الهوية', 'الرقم الشخصي', 'residence permit'],
  source: 'MoI',
  since: '0.2.0',
  finds: ['qid: «28304182705»'],
  ignores: ['order 28304182705 was sent'],
});
