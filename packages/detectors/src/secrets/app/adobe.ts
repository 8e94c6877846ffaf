import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Adobe. */
export const adobe: Recogniser = {
  type: 'secret.adobe',
  name: 'Adobe (adobe)',
  forms: [issued(['p8e-'], /p8e-[A-Za-z0-9]{32}/)],
  source: 'Adobe; facts also in the default rules of gitleaks (MIT)',
  since: '0.2.0',
  finds: ['key «p8e-{base62:32}» x'],
  ignores: ['p8e-your_key_goes_here_xxxxxxxxxxxx'],
};
