import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Sourcegraph. */
export const sourcegraph: Recogniser = {
  type: 'secret.sourcegraph',
  name: 'Sourcegraph (sourcegraph)',
  forms: [issued(['sgp_'], /sgp_(?:[a-f0-9]{40}|(?:[a-f0-9]{16}|local)_[a-f0-9]{40})/)],
  source: 'Sourcegraph; facts also in the default rules of gitleaks (MIT)',
  since: '0.2.0',
  finds: ['key «sgp_{hex:40}» x'],
  ignores: ['sgp_your_key_goes_here_xxxxxxxxxxxx'],
};
