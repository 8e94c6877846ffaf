import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: not published; BVN 22+9. Usually written together. */
export const nin: Recogniser = nationalId({
  type: 'pii.national_id.ng_nin',
  name: 'NIN (Nigeria)',
  plain: '\\d{11}',
  printed: ['#### ### ####'],
  near: ['bank verification', 'bank verification number', 'nin', 'national identification', 'bvn'],
  source: 'NIMC',
  since: '0.2.0',
  finds: ['nin: «41827056391»', 'nin «4182 705 6391»'],
  ignores: ['order 41827056391 was sent'],
});
