import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** PostHog. */
export const posthog: Recogniser = {
  type: 'secret.posthog',
  name: 'PostHog (posthog)',
  forms: [issued(['phx_', 'phs_'], /ph[xs]_[A-Za-z0-9]{43,50}/)],
  source: 'PostHog; secret scanning partners of GitHub',
  since: '0.2.0',
  finds: ['key «phx_{base62:43}» x'],
  ignores: ['phx_your_key_goes_here_xxxxxxxxxxxx'],
};
