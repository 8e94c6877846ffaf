import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** DigitalOcean. */
export const digitalocean: Recogniser = {
  type: 'secret.digitalocean',
  name: 'DigitalOcean (digitalocean)',
  forms: [issued(['doo_v1_', 'dop_v1_', 'dor_v1_'], /do[opr]_v1_[a-f0-9]{64}/)],
  source: 'DigitalOcean; facts also in the default rules of gitleaks (MIT)',
  since: '0.2.0',
  finds: ['key «doo_v1_{hex:64}» x'],
  ignores: ['doo_v1_your_key_goes_here_xxxxxxxxxxxx'],
};
