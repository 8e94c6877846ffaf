import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Stripe. */
export const stripe: Recogniser = {
  type: 'secret.stripe',
  name: 'Stripe (stripe)',
  forms: [
    issued(
      ['sk_live_', 'sk_test_', 'sk_prod_', 'rk_live_', 'rk_test_', 'rk_prod_'],
      /(?:sk|rk)_(?:live|test|prod)_[A-Za-z0-9]{10,110}/,
    ),
  ],
  source: 'Stripe; facts also in the default rules of gitleaks (MIT)',
  since: '0.2.0',
  finds: ['key «sk_live_{base62:10}» x'],
  ignores: ['sk_live_your_key_goes_here_xxxxxxxxxxxx'],
};
