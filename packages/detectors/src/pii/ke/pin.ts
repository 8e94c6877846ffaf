import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: not published. Usually written together. */
export const pin: Recogniser = nationalId({
  type: 'pii.national_id.ke_pin',
  name: 'KRA PIN (Kenya)',
  plain: '[AP]\\d{9}[A-Z]',
  plainAlone: 'elsewhere',
  near: ['kra pin', 'pin'],
  source: 'KRA',
  since: '0.2.0',
  finds: ['kra pin: «A041827056K»'],
  ignores: ['order A041827056K was sent'],
});
