import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Google (Gemini, Maps, Firebase). */
export const googleApi: Recogniser = {
  type: 'secret.google_api',
  name: 'Google (Gemini, Maps, Firebase) (google-api)',
  forms: [issued(['AIza'], /AIza[\w-]{35}/)],
  source: 'Google (Gemini, Maps, Firebase); facts also in the default rules of gitleaks (MIT)',
  since: '0.2.0',
  finds: ['key «AIza{base62:35}» x'],
  ignores: ['AIzayour_key_goes_here_xxxxxxxxxxxx'],
};
