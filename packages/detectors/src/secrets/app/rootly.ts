import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Rootly. */
export const rootly: Recogniser = {
  type: 'secret.rootly',
  name: 'Rootly (rootly)',
  forms: [issued(['rootly_'], /rootly_[a-f0-9]{64}/)],
  source: 'Rootly; secret scanning partners of GitHub',
  since: '0.2.0',
  finds: ['key «rootly_{hex:64}» x'],
  ignores: ['rootly_your_key_goes_here_xxxxxxxxxxxx'],
};
