import { luhn } from '../../check/luhn.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: Luhn over nine; then the account. */
export const bn: Recogniser = nationalId({
  type: 'pii.national_id.ca_bn',
  name: 'Business number (Canada)',
  plain: '\\d{9}(?:R[CMPTZ]\\d{4})?',
  check: (s) => luhn(s.slice(0, 9)),
  near: ['business number', 'gst', 'hst', 'bn', 'cra'],
  source: 'CRA',
  since: '0.3.0',
  finds: ['business number: «418270500RT0001»'],
  ignores: ['order 418270500RT0001 was sent'],
});
