import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Scalingo. */
export const scalingo: Recogniser = {
  type: 'secret.scalingo',
  name: 'Scalingo (scalingo)',
  forms: [issued(['tk-us-'], /tk-us-[\w-]{48}/)],
  source: 'Scalingo; facts also in the default rules of gitleaks (MIT)',
  since: '0.2.0',
  finds: ['key «tk-us-{base62:48}» x'],
  ignores: ['tk-us-your_key_goes_here_xxxxxxxxxxxx'],
};
