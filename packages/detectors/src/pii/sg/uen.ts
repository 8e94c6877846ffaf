import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Businesses, companies, other entities; the last letter is a check whose rule is not published. */
export const uen: Recogniser = nationalId({
  type: 'pii.national_id.sg_uen',
  name: 'Unique entity number (Singapore)',
  plain: '(?:\\d{8}|(?:19|20)\\d{7})[A-Z]|[TSR]\\d{2}[A-Z]{2}\\d{4}[A-Z]',
  near: ['uen', 'entity number', 'business registration', 'gst reg'],
  source: 'ACRA; IRAS',
  since: '0.3.0',
  finds: ['uen: «T18LL4182K»'],
  ignores: ['order T18LL4182K was sent'],
});
