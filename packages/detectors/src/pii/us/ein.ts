import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: prefix list. Usually written as shown. */
export const ein: Recogniser = nationalId({
  type: 'pii.national_id.us_ein',
  name: 'EIN (United States)',
  plain: '\\d{2}-\\d{7}',
  separated: true,
  near: ['federal tax id', 'federal tax', 'fein', 'employer identification', 'ein'],
  source: 'IRS',
  since: '0.2.0',
  finds: ['fein: «41-8270563»'],
  ignores: ['order 41-8270563 was sent'],
});
