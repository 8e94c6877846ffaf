import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** dbt Cloud. */
export const dbt: Recogniser = {
  type: 'secret.dbt',
  name: 'dbt Cloud (dbt)',
  forms: [issued(['dbtc_', 'dbtu_', 'dbts_'], /dbt[cus]_[\w-]{40,64}/)],
  source: 'dbt Cloud; secret scanning partners of GitHub',
  since: '0.2.0',
  finds: ['key «dbtc_{base62:40}» x'],
  ignores: ['dbtc_your_key_goes_here_xxxxxxxxxxxx'],
};
