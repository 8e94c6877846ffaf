import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** New Relic. */
export const newrelic: Recogniser = {
  type: 'secret.newrelic',
  name: 'New Relic (newrelic)',
  forms: [issued(['NRAK-'], /NRAK-[A-Z0-9]{27}/)],
  source: 'New Relic; facts also in the default rules of gitleaks (MIT)',
  since: '0.2.0',
  finds: ['key «NRAK-{BASE36:27}» x'],
  ignores: ['NRAK-your_key_goes_here_xxxxxxxxxxxx'],
};
