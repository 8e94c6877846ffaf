import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Pulumi. */
export const pulumi: Recogniser = {
  type: 'secret.pulumi',
  name: 'Pulumi (pulumi)',
  forms: [issued(['pul-'], /pul-[a-f0-9]{40}/)],
  source: 'Pulumi; facts also in the default rules of gitleaks (MIT)',
  since: '0.2.0',
  finds: ['key «pul-{hex:40}» x'],
  ignores: ['pul-your_key_goes_here_xxxxxxxxxxxx'],
};
