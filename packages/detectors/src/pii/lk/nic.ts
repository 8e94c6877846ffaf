import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: day of year (+500 women); check not published. Usually written together. */
export const nic: Recogniser = nationalId({
  type: 'pii.national_id.lk_nic',
  name: 'NIC (Sri Lanka)',
  plain: '(?:\\d{9}[VX]|(?:19|20)\\d{10})',
  plainAlone: 'elsewhere',
  // `123456789X` is an ISBN as well.
  checkAlone: (s) => /^\d\d(?:[0-2]\d\d|3[0-5]\d|36[0-6]|[5-7]\d\d|8[0-5]\d|86[0-6])\d{4}V$/.test(s),
  near: ['nic', 'national identity card'],
  source: 'DRP',
  since: '0.2.0',
  finds: ['nic: «834172640V»'],
  ignores: ['order 834172640V was sent'],
});
