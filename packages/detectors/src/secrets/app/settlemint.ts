import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** SettleMint. */
export const settlemint: Recogniser = {
  type: 'secret.settlemint',
  name: 'SettleMint (settlemint)',
  forms: [issued(['sm_aat_', 'sm_pat_', 'sm_sat_'], /sm_(?:aat|pat|sat)_[A-Za-z0-9]{16}/)],
  source: 'SettleMint; facts also in the default rules of gitleaks (MIT)',
  since: '0.2.0',
  finds: ['key «sm_aat_{base62:16}» x'],
  ignores: ['sm_aat_your_key_goes_here_xxxxxxxxxxxx'],
};
