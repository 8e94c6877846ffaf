import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: none published; YYMMDD. Usually written together. */
export const ni: Recogniser = nationalId({
  type: 'pii.national_id.cu_ni',
  name: 'Número de identidad (Cuba)',
  plain: '\\d{11}',
  near: ['carnet de identidad', 'carné de identidad', 'número de identidad'],
  source: 'law',
  since: '0.2.0',
  finds: ['carné de identidad: «83041726405»'],
  ignores: ['order 83041726405 was sent'],
});
