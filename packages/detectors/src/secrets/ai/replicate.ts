import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Replicate. */
export const replicate: Recogniser = {
  type: 'secret.replicate',
  name: 'Replicate (replicate)',
  forms: [issued(['r8_'], /r8_[A-Za-z0-9]{37}/)],
  source: 'Replicate; secret scanning partners of GitHub',
  since: '0.2.0',
  finds: ['key «r8_{base62:37}» x'],
  ignores: ['r8_your_key_goes_here_xxxxxxxxxxxx'],
};
