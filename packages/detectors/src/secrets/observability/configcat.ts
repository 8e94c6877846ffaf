import { marked } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** ConfigCat. */
export const configcat: Recogniser = {
  type: 'secret.configcat',
  name: 'ConfigCat (configcat)',
  forms: [marked('configcat-sdk-1/[\\w-]{22}/[\\w-]{22}')],
  source: 'ConfigCat; secret scanning partners of GitHub',
  since: '0.2.0',
  finds: ['key «configcat-sdk-1/{base62:22}/{base62:22}» x'],
  ignores: ['configcat-sdk-1your_key_goes_here_xxxxxxxxxxxx'],
};
