import { marked } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Snyk access token. */
export const snyk: Recogniser = {
  type: 'secret.snyk',
  name: 'Snyk access token',
  forms: [marked('snyk_(?:uat|sat)\\.[a-z0-9]{8}\\.[\\w.-]{40,}')],
  source: 'Snyk, documentation',
  since: '0.3.0',
  finds: ['token «snyk_uat.{base36:8}.{base62:60}» x'],
  ignores: ['snyk_uat.your_key_goes_here'],
};
