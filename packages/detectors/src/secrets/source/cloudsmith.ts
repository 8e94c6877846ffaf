import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Cloudsmith. */
export const cloudsmith: Recogniser = {
  type: 'secret.cloudsmith',
  name: 'Cloudsmith (cloudsmith)',
  forms: [issued(['csa_'], /csa_[A-Za-z0-9]{38}/)],
  source: 'Cloudsmith, issued tokens',
  since: '0.2.0',
  finds: ['key «csa_{base62:38}» x'],
  ignores: ['csa_your_key_goes_here_xxxxxxxxxxxx'],
};
