import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Chromatic. */
export const chromatic: Recogniser = {
  type: 'secret.chromatic',
  name: 'Chromatic (chromatic)',
  forms: [issued(['chpt_'], /chpt_[a-f0-9]{15}/)],
  source: 'Chromatic, issued tokens',
  since: '0.2.0',
  finds: ['key «chpt_{hex:15}» x'],
  ignores: ['chpt_your_key_goes_here_xxxxxxxxxxxx'],
};
