import { marked } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Grafana. */
export const grafanaOld: Recogniser = {
  type: 'secret.grafana_old',
  name: 'Grafana (grafana-old)',
  forms: [marked('eyJrIjoi[A-Za-z0-9]{70,}={0,3}')],
  source: 'Grafana; facts also in the default rules of gitleaks (MIT)',
  since: '0.2.0',
  finds: ['key «eyJrIjoi{base62:70}» x'],
  ignores: ['eyJrIjoiyour_key_goes_here_xxxxxxxxxxxx'],
};
