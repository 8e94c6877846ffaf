import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: not published. Usually written together. */
export const epic: Recogniser = nationalId({
  type: 'pii.national_id.in_epic',
  name: 'EPIC (voter) (India)',
  plain: '[A-Z]{3}\\d{7}',
  near: [
    'voter',
    'voter card',
    'election commission',
    'epic',
    'voter id',
    'मतदाता पहचान पत्र',
    'मतदाता',
    'election card',
  ],
  source: 'ECI',
  since: '0.2.0',
  finds: ['epic: «KTQ4182705»'],
  ignores: ['order KTQ4182705 was sent'],
});
