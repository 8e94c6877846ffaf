import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** WooCommerce. */
export const woocommerce: Recogniser = {
  type: 'secret.woocommerce',
  name: 'WooCommerce (woocommerce)',
  forms: [issued(['ck_', 'cs_'], /c[ks]_[a-f0-9]{40}/)],
  source: 'WooCommerce, issued tokens',
  since: '0.2.0',
  finds: ['key «ck_{hex:40}» x'],
  ignores: ['ck_your_key_goes_here_xxxxxxxxxxxx'],
};
