import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Cloudflare Turnstile. */
export const cloudflareTurnstile: Recogniser = {
  type: 'secret.cloudflare_turnstile',
  name: 'Cloudflare Turnstile (cloudflare-turnstile)',
  forms: [issued(['0x4AAA'], /0x4AAA[\w-]{29}/)],
  source: 'Cloudflare Turnstile, issued tokens',
  since: '0.2.0',
  finds: ['key «0x4AAA{base62:29}» x'],
  ignores: ['0x4AAAyour_key_goes_here_xxxxxxxxxxxx'],
};
