import { markedInside } from '../../form/value.ts';
import type { Recogniser } from '../../recogniser.ts';

/** New Relic. */
export const newrelicLicense: Recogniser = {
  type: 'secret.newrelic_license',
  name: 'New Relic (newrelic-license)',
  forms: [markedInside(/^[a-f0-9]{36}NRAL$/)],
  source: 'New Relic; secret scanning partners of GitHub',
  since: '0.2.0',
  finds: ['key «{hex:36}NRAL» x'],
  ignores: ['token = your_key_goes_here'],
};
