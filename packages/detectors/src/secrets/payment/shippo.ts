import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Shippo. */
export const shippo: Recogniser = {
  type: 'secret.shippo',
  name: 'Shippo (shippo)',
  forms: [issued(['shippo_live_', 'shippo_test_'], /shippo_(?:live|test)_[a-f0-9]{40}/)],
  source: 'Shippo; facts also in the default rules of gitleaks (MIT)',
  since: '0.2.0',
  finds: ['key «shippo_live_{hex:40}» x'],
  ignores: ['shippo_live_your_key_goes_here_xxxxxxxxxxxx'],
};
