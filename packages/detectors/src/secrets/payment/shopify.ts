import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Shopify. */
export const shopify: Recogniser = {
  type: 'secret.shopify',
  name: 'Shopify (shopify)',
  forms: [
    issued(['shpat_', 'shpca_', 'shppa_', 'shpss_', 'shptka_', 'shprt_'], /shp(?:at|ca|pa|ss|tka|rt)_[a-fA-F0-9]{32}/),
  ],
  source: 'Shopify; facts also in the default rules of gitleaks (MIT)',
  since: '0.2.0',
  finds: ['key «shpat_{hex:32}» x'],
  ignores: ['shpat_your_key_goes_here_xxxxxxxxxxxx'],
};
