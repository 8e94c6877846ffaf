import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Checkout.com secret key. */
export const checkout: Recogniser = {
  type: 'secret.checkout',
  name: 'Checkout.com secret key',
  forms: [issued(['sk_'], /sk_(?:sbox_)?[a-z0-9]{26}/)],
  source: 'Checkout.com; secret scanning partners of GitHub',
  since: '0.3.0',
  finds: ['key «sk_sbox_{base36:26}» x'],
  ignores: ['sk_sbox_your_key_goes_here_xxxxxxxxxxxx'],
};
