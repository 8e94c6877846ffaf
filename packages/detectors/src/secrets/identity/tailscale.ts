import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Tailscale. */
export const tailscale: Recogniser = {
  type: 'secret.tailscale',
  name: 'Tailscale (tailscale)',
  forms: [
    issued(
      ['tskey-auth-', 'tskey-api-', 'tskey-client-', 'tskey-scim-', 'tskey-webhook-'],
      /tskey-(?:auth|api|client|scim|webhook)-[A-Za-z0-9]{11,17}(?:CNTRL)?-[A-Za-z0-9]{32}/,
    ),
  ],
  source: 'Tailscale, documentation',
  since: '0.2.0',
  finds: ['key «tskey-auth-{base62:11}-{base62:32}» x'],
  ignores: ['tskey-auth-your_key_goes_here_xxxxxxxxxxxx'],
};
