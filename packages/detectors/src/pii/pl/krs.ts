import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** No check; four zeros at the head. */
export const krs: Recogniser = nationalId({
  type: 'pii.national_id.pl_krs',
  name: 'KRS (Poland)',
  plain: '0000\\d{6}',
  near: ['krs', 'rejestr'],
  source: 'Ministerstwo Sprawiedliwości',
  since: '0.3.0',
  finds: ['krs: «0000418270»'],
  ignores: ['order 0000418270 was sent'],
});
