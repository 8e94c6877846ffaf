import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Linear. */
export const linear: Recogniser = {
  type: 'secret.linear',
  name: 'Linear (linear)',
  forms: [issued(['lin_api_', 'lin_oauth_', 'lin_wh_'], /lin_(?:api|oauth|wh)_[A-Za-z0-9]{32,64}/)],
  source: 'Linear; facts also in the default rules of gitleaks (MIT)',
  since: '0.2.0',
  finds: ['key «lin_api_{base62:32}» x'],
  ignores: ['lin_api_your_key_goes_here_xxxxxxxxxxxx'],
};
