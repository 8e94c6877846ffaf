import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** No check. */
export const passportHk: Recogniser = nationalId({
  type: 'pii.national_id.cn_passport_hk',
  name: 'Home return permit and pass (China, Hong Kong, Macao)',
  plain: '[HM]\\d{8}(?:\\d{2})?',
  near: ['回乡证', '通行证', '回鄉證', 'home return permit', 'mainland travel permit'],
  source: 'National Immigration Administration',
  since: '0.3.0',
  finds: ['回乡证: «H41827056»'],
  ignores: ['order H41827056 was sent'],
});
