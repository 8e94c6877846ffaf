import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Grafana; it has a check, crc32, which is not demanded: a mangled token is worth hiding too. */
export const grafanaSa: Recogniser = {
  type: 'secret.grafana_sa',
  name: 'Grafana (grafana-sa)',
  forms: [issued(['glsa_'], /glsa_[A-Za-z0-9]{32}_[a-f0-9]{8}/)],
  source: 'Grafana, documentation',
  since: '0.2.0',
  finds: ['key «glsa_{base62:32}_{hex:8}» x'],
  ignores: ['glsa_your_key_goes_here_xxxxxxxxxxxx'],
};
