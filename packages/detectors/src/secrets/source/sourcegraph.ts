import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Sourcegraph. */
export const sourcegraph: Recogniser = {
  type: 'secret.sourcegraph',
  name: 'Sourcegraph (sourcegraph)',
  forms: [issued(['sgp_'], /sgp_(?:[a-fA-F0-9]{40}|(?:[a-fA-F0-9]{16}|local)_[a-fA-F0-9]{40})/)],
  source: 'Sourcegraph; facts also in the default rules of gitleaks (MIT)',
  since: '0.2.0',
  finds: ['key «sgp_{hex:40}» x', 'export SRC_ACCESS_TOKEN=«sgp_local_{HEX:40}»'],
  ignores: ['sgp_your_key_goes_here_xxxxxxxxxxxx'],
};
