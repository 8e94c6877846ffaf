import { marked } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Cloudflare. */
export const cloudflareOrigin: Recogniser = {
  type: 'secret.cloudflare_origin',
  name: 'Cloudflare (cloudflare-origin)',
  forms: [marked('v1\\.0-[a-f0-9]{24}-[a-f0-9]{146}')],
  source: 'Cloudflare; facts also in the default rules of gitleaks (MIT)',
  since: '0.2.0',
  finds: ['key «v1.0-{hex:24}-{hex:146}» x'],
  ignores: ['v1your_key_goes_here_xxxxxxxxxxxx'],
};
