import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Checkly. */
export const checkly: Recogniser = {
  type: 'secret.checkly',
  name: 'Checkly (checkly)',
  forms: [issued(['cu_'], /cu_[a-f0-9]{32}/)],
  source: 'Checkly; secret scanning partners of GitHub',
  since: '0.2.0',
  finds: ['key «cu_{hex:32}» x'],
  ignores: ['cu_your_key_goes_here_xxxxxxxxxxxx'],
};
