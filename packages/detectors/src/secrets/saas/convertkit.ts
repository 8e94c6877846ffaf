import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Kit. */
export const convertkit: Recogniser = {
  type: 'secret.convertkit',
  name: 'Kit (convertkit)',
  forms: [issued(['kit_'], /kit_[a-f0-9]{32}/)],
  source: 'Kit, issued tokens',
  since: '0.2.0',
  finds: ['key «kit_{hex:32}» x'],
  ignores: ['kit_your_key_goes_here_xxxxxxxxxxxx'],
};
