import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Infracost. */
export const infracost: Recogniser = {
  type: 'secret.infracost',
  name: 'Infracost (infracost)',
  forms: [issued(['ico-'], /ico-[A-Za-z0-9]{32}/)],
  source: 'Infracost; facts also in the default rules of gitleaks (MIT)',
  since: '0.2.0',
  finds: ['key «ico-{base62:32}» x'],
  ignores: ['ico-your_key_goes_here_xxxxxxxxxxxx'],
};
