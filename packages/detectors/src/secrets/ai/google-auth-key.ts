import { marked } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Google AI (auth key). */
export const googleAuthKey: Recogniser = {
  type: 'secret.google_auth_key',
  name: 'Google AI (auth key) (google-auth-key)',
  forms: [marked('AQ\\.Ab[\\w-]{40,60}')],
  source: 'Google AI (auth key), issued tokens',
  since: '0.2.0',
  finds: ['key «AQ.Ab{base62:40}» x'],
  ignores: ['AQyour_key_goes_here_xxxxxxxxxxxx'],
};
