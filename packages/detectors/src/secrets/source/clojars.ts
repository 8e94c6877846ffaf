import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Clojars. */
export const clojars: Recogniser = {
  type: 'secret.clojars',
  name: 'Clojars (clojars)',
  forms: [issued(['CLOJARS_'], /CLOJARS_[a-z0-9]{60}/)],
  source: 'Clojars; facts also in the default rules of gitleaks (MIT)',
  since: '0.2.0',
  finds: ['key «CLOJARS_{base36:60}» x'],
  ignores: ['CLOJARS_your_key_goes_here_xxxxxxxxxxxx'],
};
