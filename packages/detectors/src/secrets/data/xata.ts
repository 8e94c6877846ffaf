import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Xata. */
export const xata: Recogniser = {
  type: 'secret.xata',
  name: 'Xata (xata)',
  forms: [issued(['xau_'], /xau_[A-Za-z0-9]{33}/)],
  source: 'Xata, issued tokens',
  since: '0.2.0',
  finds: ['key «xau_{base62:33}» x'],
  ignores: ['xau_your_key_goes_here_xxxxxxxxxxxx'],
};
