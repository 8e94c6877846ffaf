import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** No check that is published. */
export const abha: Recogniser = nationalId({
  type: 'pii.national_id.in_abha',
  name: 'ABHA health number (India)',
  plain: '\\d{14}',
  printed: ['##-####-####-####'],
  near: ['abha', 'health id', 'ayushman'],
  source: 'National Health Authority',
  since: '0.3.0',
  finds: ['abha: «41827056391827»', 'abha «41-8270-5639-1827»'],
  ignores: ['order 41827056391827 was sent'],
});
