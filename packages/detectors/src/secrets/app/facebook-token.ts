import { issued, marked, outsideBase64 } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Meta. */
export const facebookToken: Recogniser = {
  type: 'secret.facebook_token',
  name: 'Meta (facebook-token)',
  forms: [
    outsideBase64(issued(['EAA'], /EAA[A-Za-z0-9]{80,}/)),
    // The token of an application: its number and its secret.
    { ...marked('\\d{15,16}\\|[A-Za-z0-9_-]{27}'), near: ['facebook', 'fb', 'meta', 'access token', 'graph api'] },
  ],
  source: 'Meta; facts also in the default rules of gitleaks (MIT)',
  since: '0.2.0',
  finds: ['key «EAA{base62:80}» x', 'facebook access_token «{digits:15}|{base62:27}» x'],
  ignores: [
    'data:image/png;base64,{base62:60}+EAA{base62:80}+{base62:9}',
    '{digits:15}|{base62:27} are two columns',
    'EAAyour_key_goes_here_xxxxxxxxxxxx',
  ],
};
