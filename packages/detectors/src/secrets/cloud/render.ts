import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Render. */
export const render: Recogniser = {
  type: 'secret.render',
  name: 'Render (render)',
  forms: [issued(['rnd_'], /rnd_[A-Za-z0-9]{28,32}/)],
  source: 'Render, issued tokens',
  since: '0.2.0',
  finds: ['key «rnd_{base62:28}» x'],
  ignores: ['rnd_your_key_goes_here_xxxxxxxxxxxx'],
};
