import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Cloudflare. */
export const cloudflareNew: Recogniser = {
  type: 'secret.cloudflare_new',
  name: 'Cloudflare (cloudflare-new)',
  forms: [issued(['cfut_', 'cfat_', 'cfk_'], /cf(?:ut|at|k)_[A-Za-z0-9]{40}[a-f0-9]{8}/)],
  source: 'Cloudflare, issued tokens',
  since: '0.2.0',
  finds: ['key «cfut_{base62:40}{hex:8}» x'],
  ignores: ['cfut_your_key_goes_here_xxxxxxxxxxxx'],
};
