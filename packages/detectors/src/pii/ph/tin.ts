import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** No check that is published; the last three to five digits are a branch. */
export const tin: Recogniser = nationalId({
  type: 'pii.national_id.ph_tin',
  name: 'Taxpayer identification number (Philippines)',
  plain: '\\d{9}(?:\\d{3,5})?',
  printed: ['###-###-###', '###-###-###-###'],
  near: ['tin', 'taxpayer', 'bir'],
  source: 'BIR',
  since: '0.3.0',
  finds: ['tin: «418270563»', 'tin «418-270-563»', 'tin «418-270-563-000»'],
  ignores: ['order 418270563 was sent'],
});
