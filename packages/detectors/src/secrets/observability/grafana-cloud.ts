import { marked } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Grafana. */
export const grafanaCloud: Recogniser = {
  type: 'secret.grafana_cloud',
  name: 'Grafana (grafana-cloud)',
  forms: [marked('glc_[A-Za-z0-9+/]{32,}={0,3}')],
  source: 'Grafana; facts also in the default rules of gitleaks (MIT)',
  since: '0.2.0',
  finds: ['key «glc_{base62:32}» x'],
  ignores: ['glc_your_key_goes_here_xxxxxxxxxxxx'],
};
