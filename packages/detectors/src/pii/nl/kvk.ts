import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** No check. */
export const kvk: Recogniser = nationalId({
  type: 'pii.national_id.nl_kvk',
  name: 'KvK-nummer (Netherlands)',
  plain: '\\d{8}',
  near: ['kvk', 'kvk nummer', 'kamer van koophandel', 'handelsregister'],
  source: 'Kamer van Koophandel',
  since: '0.3.0',
  finds: ['kvk: «41827056»'],
  ignores: ['order 41827056 was sent'],
});
