import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: none. Usually written 4-3-4 with -. */
export const mbi: Recogniser = nationalId({
  type: 'pii.national_id.us_mbi',
  name: 'Medicare MBI (United States)',
  plain: '[1-9][AC-HJKMNP-RT-Y][0-9AC-HJKMNP-RT-Y]\\d[AC-HJKMNP-RT-Y][0-9AC-HJKMNP-RT-Y]\\d[AC-HJKMNP-RT-Y]{2}\\d{2}',
  alone: ['#***-***-****'],
  plainAlone: 'elsewhere',
  near: ['mbi', 'medicare'],
  source: 'CMS',
  since: '0.2.0',
  finds: ['mbi: «4K18TQ2HM70»', '(«4K18-TQ2-HM70»)'],
  ignores: ['order 4K18TQ2HM70 was sent'],
});
