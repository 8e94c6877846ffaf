import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: none. Usually written together. */
export const id: Recogniser = nationalId({
  type: 'pii.national_id.mt_id',
  name: 'ID card (Malta)',
  plain: '\\d{7}[MGAPLHBZ]',
  near: ['id card', 'karta tal identità', 'identity card number'],
  source: 'Identity Malta',
  since: '0.2.0',
  finds: ['id card: «0418270M»'],
  ignores: ['order 0418270M was sent'],
});
