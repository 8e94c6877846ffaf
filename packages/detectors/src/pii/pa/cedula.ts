import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: none. Usually written as shown. */
export const cedula: Recogniser = nationalId({
  type: 'pii.national_id.pa_cedula',
  name: 'Cédula (Panama)',
  plain: '(?:\\d{1,2}|E|N|PE|PI)-\\d{1,4}-\\d{1,6}',
  separated: true,
  near: ['cédula'],
  source: 'TE',
  since: '0.2.0',
  finds: ['cédula: «8-418-2705»'],
  ignores: ['order 8-418-2705 was sent'],
});
