import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: none. Usually written together. */
export const uan: Recogniser = nationalId({
  type: 'pii.national_id.in_uan',
  name: 'UAN (provident fund) (India)',
  plain: '10\\d{10}',
  near: ['uan', 'epf'],
  strong: true,
  source: 'EPFO',
  since: '0.2.0',
  finds: ['uan: «101418270563»'],
  ignores: ['order 101418270563 was sent'],
});
