import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Runway. */
export const runway: Recogniser = {
  type: 'secret.runway',
  name: 'Runway (runway)',
  forms: [issued(['key_'], /key_[a-f0-9]{128}/)],
  source: 'Runway, issued tokens',
  since: '0.2.0',
  finds: ['key «key_{hex:128}» x'],
  ignores: ['key_your_key_goes_here_xxxxxxxxxxxx'],
};
