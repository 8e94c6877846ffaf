import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** No check. */
export const company: Recogniser = nationalId({
  type: 'pii.national_id.gb_company',
  name: 'Company number (United Kingdom)',
  plain: '(?:\\d{8}|(?:SC|NI|OC|SO|NC|R0|IP|FC|BR)\\d{6})',
  near: ['company number', 'company no', 'companies house', 'crn', 'registered in england', 'registered in scotland'],
  source: 'Companies House',
  since: '0.3.0',
  finds: ['company number: «SC418270»'],
  ignores: ['order SC418270 was sent'],
});
