import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** New Relic. */
export const newrelicInsert: Recogniser = {
  type: 'secret.newrelic_insert',
  name: 'New Relic (newrelic-insert)',
  forms: [issued(['NRII-', 'NRIQ-'], /NRI[IQ]-[A-Za-z0-9-]{32}/)],
  source: 'New Relic; facts also in the default rules of gitleaks (MIT)',
  since: '0.2.0',
  finds: ['key «NRII-{base62:32}» x'],
  ignores: ['NRII-your_key_goes_here_xxxxxxxxxxxx'],
};
