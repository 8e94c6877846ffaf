import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Octopus Deploy. */
export const octopus: Recogniser = {
  type: 'secret.octopus',
  name: 'Octopus Deploy (octopus)',
  forms: [issued(['API-'], /API-[A-Z0-9]{26,32}/)],
  source: 'Octopus Deploy; facts also in the default rules of gitleaks (MIT)',
  since: '0.2.0',
  finds: ['key «API-{BASE36:26}» x'],
  ignores: ['API-your_key_goes_here_xxxxxxxxxxxx'],
};
