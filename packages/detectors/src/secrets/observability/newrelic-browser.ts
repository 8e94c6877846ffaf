import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** New Relic. */
export const newrelicBrowser: Recogniser = {
  type: 'secret.newrelic_browser',
  name: 'New Relic (newrelic-browser)',
  forms: [issued(['NRJS-'], /NRJS-[a-f0-9]{19}/)],
  source: 'New Relic; facts also in the default rules of gitleaks (MIT)',
  since: '0.2.0',
  finds: ['key «NRJS-{hex:19}» x'],
  ignores: ['NRJS-your_key_goes_here_xxxxxxxxxxxx'],
};
