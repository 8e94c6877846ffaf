import { marked } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Google. */
export const googleOauthAccess: Recogniser = {
  type: 'secret.google_oauth_access',
  name: 'Google (google-oauth-access)',
  forms: [marked('ya29\\.[\\w-]{20,}')],
  source: 'Google, documentation',
  since: '0.2.0',
  finds: ['key «ya29.{base62:20}» x'],
  ignores: ['ya29your_key_goes_here_xxxxxxxxxxxx'],
};
