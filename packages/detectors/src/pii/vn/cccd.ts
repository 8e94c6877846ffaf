import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: none; province 001-096, sex/century, YY. Usually written together. */
export const cccd: Recogniser = nationalId({
  type: 'pii.national_id.vn_cccd',
  name: 'CCCD (Vietnam)',
  plain: '0\\d{2}[0-9]\\d{8}',
  near: ['cccd', 'căn cước', 'cmnd', 'cmt'],
  source: 'MPS',
  since: '0.2.0',
  finds: ['cccd: «001083041827»'],
  ignores: ['order 001083041827 was sent'],
});
