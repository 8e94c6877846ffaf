import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Docker Hub. */
export const dockerhub: Recogniser = {
  type: 'secret.dockerhub',
  name: 'Docker Hub (dockerhub)',
  forms: [issued(['dckr_pat_', 'dckr_oat_'], /dckr_(?:pat|oat)_[\w-]{27,32}/)],
  source: 'Docker Hub; secret scanning partners of GitHub',
  since: '0.2.0',
  finds: ['key «dckr_pat_{base62:27}» x'],
  ignores: ['dckr_pat_your_key_goes_here_xxxxxxxxxxxx'],
};
