import { markedInside } from '../../form/value.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Google. */
export const googleOauthRefresh: Recogniser = {
  type: 'secret.google_oauth_refresh',
  name: 'Google (google-oauth-refresh)',
  forms: [markedInside(/^1\/\/0[\w-]{38,100}$/)],
  source: 'Google, issued tokens',
  since: '0.2.0',
  finds: ['key «1//0{base62:38}» x'],
  ignores: ['token = your_key_goes_here'],
};
