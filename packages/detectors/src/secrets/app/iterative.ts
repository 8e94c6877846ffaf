import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Iterative DVC Studio. */
export const iterative: Recogniser = {
  type: 'secret.iterative',
  name: 'Iterative DVC Studio (iterative)',
  forms: [issued(['isat_'], /isat_[A-Za-z0-9]{40,}/)],
  source: 'Iterative DVC Studio; secret scanning partners of GitHub',
  since: '0.2.0',
  finds: ['key «isat_{base62:40}» x'],
  ignores: ['isat_your_key_goes_here_xxxxxxxxxxxx'],
};
