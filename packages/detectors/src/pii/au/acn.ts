import { at, falling, weighted } from '../../check/numbers.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: W[8..1]; (10-s%10)%10. */
export const acn: Recogniser = nationalId({
  type: 'pii.national_id.au_acn',
  name: 'Company number (Australia)',
  plain: '\\d{9}',
  printed: ['### ### ###'],
  check: (s) => (10 - (weighted(s, falling(8, 1)) % 10)) % 10 === at(s, 8),
  near: ['acn', 'company number', 'australian company'],
  source: 'ASIC',
  since: '0.3.0',
  finds: ['acn: «041807005»', 'acn «041 807 005»'],
  ignores: ['acn: 041807006', 'order 041807005 was sent'],
});
