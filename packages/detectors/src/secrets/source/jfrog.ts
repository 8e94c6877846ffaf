import { marked } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** JFrog. */
export const jfrog: Recogniser = {
  type: 'secret.jfrog',
  name: 'JFrog (jfrog)',
  forms: [marked('(?:AKCp[A-Za-z0-9]{69}|cmVmd[A-Za-z0-9]{59})')],
  source: 'JFrog; facts also in the default rules of gitleaks (MIT)',
  since: '0.2.0',
  finds: ['key «AKCp{base62:69}» x'],
  ignores: ['token = your_key_goes_here'],
};
