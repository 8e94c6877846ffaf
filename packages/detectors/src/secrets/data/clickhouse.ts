import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** ClickHouse Cloud. */
export const clickhouse: Recogniser = {
  type: 'secret.clickhouse',
  name: 'ClickHouse Cloud (clickhouse)',
  forms: [issued(['4b1d'], /4b1d[A-Za-z0-9]{38}/)],
  source: 'ClickHouse Cloud; facts also in the default rules of gitleaks (MIT)',
  since: '0.2.0',
  finds: ['key «4b1d{base62:38}» x'],
  ignores: ['4b1dyour_key_goes_here_xxxxxxxxxxxx'],
};
