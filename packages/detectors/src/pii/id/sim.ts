import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** No check. */
export const sim: Recogniser = nationalId({
  type: 'pii.national_id.id_sim',
  name: 'SIM (Indonesia)',
  plain: '\\d{12,14}',
  near: ['nomor sim', 'surat izin mengemudi', 'no sim'],
  source: 'Korlantas Polri',
  since: '0.3.0',
  finds: ['nomor sim: «830417180045»'],
  ignores: ['order 830417180045 was sent'],
});
