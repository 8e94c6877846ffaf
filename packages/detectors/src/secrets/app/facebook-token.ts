import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Meta. */
export const facebookToken: Recogniser = {
  type: 'secret.facebook_token',
  name: 'Meta (facebook-token)',
  forms: [issued(['EAA'], /EAA[A-Za-z0-9]{80,}/)],
  source: 'Meta; facts also in the default rules of gitleaks (MIT)',
  since: '0.2.0',
  finds: ['key «EAA{base62:80}» x'],
  ignores: ['EAAyour_key_goes_here_xxxxxxxxxxxx'],
};
