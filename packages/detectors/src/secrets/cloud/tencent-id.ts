import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Tencent Cloud. */
export const tencentId: Recogniser = {
  type: 'secret.tencent_id',
  name: 'Tencent Cloud (tencent-id)',
  forms: [issued(['AKID'], /AKID[A-Za-z0-9]{32}/)],
  source: 'Tencent Cloud; secret scanning partners of GitHub',
  since: '0.2.0',
  finds: ['key «AKID{base62:32}» x'],
  ignores: ['AKIDyour_key_goes_here_xxxxxxxxxxxx'],
};
