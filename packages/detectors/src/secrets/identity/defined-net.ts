import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Defined Networking. */
export const definedNet: Recogniser = {
  type: 'secret.defined_net',
  name: 'Defined Networking (defined-net)',
  forms: [issued(['dnkey-'], /dnkey-[\w-]{26}-[\w-]{52}/)],
  source: 'Defined Networking; facts also in the default rules of gitleaks (MIT)',
  since: '0.2.0',
  finds: ['key «dnkey-{base62:26}-{base62:52}» x'],
  ignores: ['dnkey-your_key_goes_here_xxxxxxxxxxxx'],
};
