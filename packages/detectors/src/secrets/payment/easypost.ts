import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** EasyPost. */
export const easypost: Recogniser = {
  type: 'secret.easypost',
  name: 'EasyPost (easypost)',
  forms: [issued(['EZAK', 'EZTK'], /EZ[AT]K[A-Za-z0-9]{54}/)],
  source: 'EasyPost; facts also in the default rules of gitleaks (MIT)',
  since: '0.2.0',
  finds: ['key «EZAK{base62:54}» x'],
  ignores: ['EZAKyour_key_goes_here_xxxxxxxxxxxx'],
};
