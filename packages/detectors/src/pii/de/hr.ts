import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** No check; a court says where. */
export const hr: Recogniser = nationalId({
  type: 'pii.national_id.de_hr',
  name: 'Handelsregisternummer (Germany)',
  plain: 'HR[AB] ?\\d{3,6}',
  separated: true,
  near: ['amtsgericht', 'handelsregister', 'registergericht', 'hrb', 'hra', 'eingetragen'],
  source: 'HRV §13',
  since: '0.3.0',
  finds: ['amtsgericht: «HRB 41827»'],
  ignores: ['order HRB 41827 was sent'],
});
