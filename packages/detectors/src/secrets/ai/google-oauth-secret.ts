import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Google. */
export const googleOauthSecret: Recogniser = {
  type: 'secret.google_oauth_secret',
  name: 'Google (google-oauth-secret)',
  forms: [issued(['GOCSPX-'], /GOCSPX-[\w-]{28}/)],
  source: 'Google, issued tokens',
  since: '0.2.0',
  finds: ['key «GOCSPX-{base62:28}» x'],
  ignores: ['GOCSPX-your_key_goes_here_xxxxxxxxxxxx'],
};
