import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: none. Usually written N-NNNN-NNNN. */
export const cpf: Recogniser = nationalId({
  type: 'pii.national_id.cr_cpf',
  name: 'Cédula de identidad (Costa Rica)',
  plain: '[1-9]\\d{8}',
  printed: ['#-####-####'],
  near: ['cédula'],
  source: 'TSE',
  since: '0.2.0',
  finds: ['cédula: «304180275»', 'cédula «3-0418-0275»'],
  ignores: ['order 304180275 was sent'],
});
