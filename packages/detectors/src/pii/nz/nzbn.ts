import { at, weighted } from '../../check/numbers.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: GS1 with the prefix 94290. */
export const nzbn: Recogniser = nationalId({
  type: 'pii.national_id.nz_nzbn',
  name: 'Business number (New Zealand)',
  plain: '94290\\d{8}',
  check: (s) => (10 - (weighted(s, [1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3]) % 10)) % 10 === at(s, 12),
  near: ['nzbn', 'business number'],
  strong: true,
  source: 'MBIE',
  since: '0.3.0',
  finds: ['nzbn: «9429041827000»'],
  ignores: ['nzbn: 9429041827001', 'order 9429041827000 was sent'],
});
