import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Stripe. */
export const stripeOrg: Recogniser = {
  type: 'secret.stripe_org',
  name: 'Stripe (stripe-org)',
  forms: [issued(['sk_org_live_', 'sk_org_test_'], /sk_org_(?:live|test)_[A-Za-z0-9]{20,110}/)],
  source: 'Stripe, issued tokens',
  since: '0.2.0',
  finds: ['key «sk_org_live_{base62:20}» x'],
  ignores: ['sk_org_live_your_key_goes_here_xxxxxxxxxxxx'],
};
