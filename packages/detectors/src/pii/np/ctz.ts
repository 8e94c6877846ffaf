import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: none. Usually written as shown. */
export const ctz: Recogniser = nationalId({
  type: 'pii.national_id.np_ctz',
  name: 'Citizenship no. (Nepal)',
  plain: '\\d{2}-\\d{2}-\\d{2}-\\d{5}',
  separated: true,
  near: ['नागरिकता', 'citizenship'],
  source: 'law',
  since: '0.2.0',
  finds: ['नागरिकता: «27-01-74-04182»'],
  ignores: ['order 27-01-74-04182 was sent'],
});
