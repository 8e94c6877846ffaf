import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** No check; the first two digits are the region. */
export const bsnr: Recogniser = nationalId({
  type: 'pii.national_id.de_bsnr',
  name: 'Betriebsstättennummer (Germany)',
  plain: '\\d{9}',
  near: ['bsnr', 'betriebsstättennummer', 'betriebsstätte'],
  source: 'KBV',
  since: '0.3.0',
  finds: ['bsnr: «711827056»'],
  ignores: ['order 711827056 was sent'],
});
