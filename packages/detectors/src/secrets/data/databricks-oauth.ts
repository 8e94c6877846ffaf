import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Databricks. */
export const databricksOauth: Recogniser = {
  type: 'secret.databricks_oauth',
  name: 'Databricks (databricks-oauth)',
  forms: [issued(['dose'], /dose[a-f0-9]{32}/)],
  source: 'Databricks, issued tokens',
  since: '0.2.0',
  finds: ['key «dose{hex:32}» x'],
  ignores: ['doseyour_key_goes_here_xxxxxxxxxxxx'],
};
