import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** RunPod. */
export const runpod: Recogniser = {
  type: 'secret.runpod',
  name: 'RunPod (runpod)',
  forms: [issued(['rpa_'], /rpa_[A-Z0-9]{42}[a-z0-9]{4}/)],
  source: 'RunPod; secret scanning partners of GitHub',
  since: '0.2.0',
  finds: ['key «rpa_{BASE36:42}{base36:4}» x'],
  ignores: ['rpa_your_key_goes_here_xxxxxxxxxxxx'],
};
