import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** E2B. */
export const e2b: Recogniser = {
  type: 'secret.e2b',
  name: 'E2B (e2b)',
  forms: [issued(['e2b_'], /e2b_[a-f0-9]{40}/)],
  source: 'E2B, issued tokens',
  since: '0.2.0',
  finds: ['key «e2b_{hex:40}» x'],
  ignores: ['e2b_your_key_goes_here_xxxxxxxxxxxx'],
};
