import { marked } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** npm registry. */
export const npmAuthtoken: Recogniser = {
  type: 'secret.npm_authtoken',
  name: 'npm registry (npm-authtoken)',
  forms: [marked('_authToken=[A-Za-z0-9_.+/=-]{20,}')],
  source: 'npm registry, documentation',
  since: '0.2.0',
  finds: ['key «_authToken={base62:20}» x'],
  ignores: ['_authTokenyour_key_goes_here_xxxxxxxxxxxx'],
};
