import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** OneSignal. */
export const onesignal: Recogniser = {
  type: 'secret.onesignal',
  name: 'OneSignal (onesignal)',
  forms: [issued(['os_v2_app_', 'os_v2_org_'], /os_v2_(?:app|org)_[a-z2-7]{90,110}/)],
  source: 'OneSignal; secret scanning partners of GitHub',
  since: '0.2.0',
  finds: ['key «os_v2_app_{lower:90}» x'],
  ignores: ['os_v2_app_your_key_goes_here_xxxxxxxxxxxx'],
};
