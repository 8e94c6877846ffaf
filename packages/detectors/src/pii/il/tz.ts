import { luhn } from '../../check/luhn.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: Luhn, padded to 9. Usually written NNNNNNNN-N. */
export const tz: Recogniser = nationalId({
  type: 'pii.national_id.il_tz',
  name: 'תעודת זהות (Israel)',
  plain: '\\d{9}',
  printed: ['########-#'],
  check: (s) => luhn(s),
  near: ['תעודת זהות', 'ת.ז.', 'ת"ז', 'teudat zehut', 'id number', 'מספר זהות'],
  source: 'law',
  since: '0.2.0',
  finds: ['תעודת זהות: «041827056»', 'תעודת זהות «04182705-6»'],
  ignores: ['תעודת זהות: 041827057', 'order 041827056 was sent'],
});
