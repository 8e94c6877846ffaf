import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Databricks. */
export const databricks: Recogniser = {
  type: 'secret.databricks',
  name: 'Databricks (databricks)',
  forms: [issued(['dapi'], /dapi[a-f0-9]{32}(?:-\d)?/)],
  source: 'Databricks; facts also in the default rules of gitleaks (MIT)',
  since: '0.2.0',
  finds: ['key «dapi{hex:32}» x'],
  ignores: ['dapiyour_key_goes_here_xxxxxxxxxxxx'],
};
