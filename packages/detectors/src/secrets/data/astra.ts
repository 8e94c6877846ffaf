import { marked } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** DataStax Astra. */
export const astra: Recogniser = {
  type: 'secret.astra',
  name: 'DataStax Astra (astra)',
  forms: [marked('AstraCS:[A-Za-z]{24}:[a-f0-9]{64}')],
  source: 'DataStax Astra, issued tokens',
  since: '0.2.0',
  finds: ['key «AstraCS:{alpha:24}:{hex:64}» x'],
  ignores: ['AstraCSyour_key_goes_here_xxxxxxxxxxxx'],
};
