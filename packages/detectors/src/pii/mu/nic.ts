import { falling, weighted } from '../../check/numbers.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: W[14..2] A=10; 17-s%17 → 0-9A-G. Usually written together. */
export const nic: Recogniser = nationalId({
  type: 'pii.national_id.mu_nic',
  name: 'NIC (Mauritius)',
  plain: '[A-Z]\\d{12}[0-9A-Z]',
  check: (s) => '0123456789ABCDEFG'[(17 - (weighted(s, falling(14, 2)) % 17)) % 17] === s[13],
  plainAlone: 'elsewhere',
  near: ['nic'],
  strong: true,
  source: 'stdnum mu.nid',
  since: '0.2.0',
  finds: ['nic: «K170483418270D»'],
  ignores: ['nic: K170483418271D', 'order K170483418270D was sent'],
});
