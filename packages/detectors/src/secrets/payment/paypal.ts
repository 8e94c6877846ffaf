import { marked } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** PayPal / Braintree. */
export const paypal: Recogniser = {
  type: 'secret.paypal',
  name: 'PayPal / Braintree (paypal)',
  forms: [marked('access_token\\$(?:production|sandbox)\\$[a-z0-9]{16}\\$[a-f0-9]{32}')],
  source: 'PayPal / Braintree; secret scanning partners of GitHub',
  since: '0.2.0',
  finds: ['key «access_token$production${base36:16}${hex:32}» x'],
  ignores: ['access_tokenyour_key_goes_here_xxxxxxxxxxxx'],
};
