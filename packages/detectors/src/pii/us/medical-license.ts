import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Only the key word tells. */
export const medicalLicense: Recogniser = nationalId({
  type: 'pii.national_id.us_medical_license',
  name: 'State medical license (United States)',
  plain: '[A-Z]{1,3}\\d{5,7}|[A-Z]{2}-?\\d{4,7}',
  near: ['medical license', 'physician license', 'license to practice', 'nursing license'],
  source: 'the state boards; no form of its own',
  since: '0.3.0',
  finds: ['medical license: «MD41827»'],
  ignores: ['order MD41827 was sent'],
});
