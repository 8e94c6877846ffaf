import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Sourcegraph. */
export const sourcegraphCody: Recogniser = {
  type: 'secret.sourcegraph_cody',
  name: 'Sourcegraph (sourcegraph-cody)',
  forms: [issued(['slg_', 'slk_'], /sl[gk]_[a-f0-9]{64}/)],
  source: 'Sourcegraph, issued tokens',
  since: '0.2.0',
  finds: ['key «slg_{hex:64}» x'],
  ignores: ['slg_your_key_goes_here_xxxxxxxxxxxx'],
};
