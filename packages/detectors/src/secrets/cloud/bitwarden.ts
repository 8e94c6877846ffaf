import { marked } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Bitwarden Secrets. */
export const bitwarden: Recogniser = {
  type: 'secret.bitwarden',
  name: 'Bitwarden Secrets (bitwarden)',
  forms: [marked('0\\.[a-f0-9-]{36}\\.[A-Za-z0-9]{30}:[A-Za-z0-9+/]{22}==')],
  source: 'Bitwarden Secrets, issued tokens',
  since: '0.2.0',
  finds: ['key «0.{hex:36}.{base62:30}:{base62:22}==» x'],
  ignores: ['token = your_key_goes_here'],
};
