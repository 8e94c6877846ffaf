import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Anyscale. */
export const anyscale: Recogniser = {
  type: 'secret.anyscale',
  name: 'Anyscale (anyscale)',
  forms: [issued(['esecret_'], /esecret_[a-z0-9]{26,30}/)],
  source: 'Anyscale, issued tokens',
  since: '0.2.0',
  finds: ['key «esecret_{base36:26}» x'],
  ignores: ['esecret_your_key_goes_here_xxxxxxxxxxxx'],
};
