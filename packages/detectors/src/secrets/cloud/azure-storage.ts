import { marked } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Azure Storage. */
export const azureStorage: Recogniser = {
  type: 'secret.azure_storage',
  name: 'Azure Storage (azure-storage)',
  forms: [marked('AccountKey=[A-Za-z0-9+/]{86}==')],
  source: 'Azure Storage, documentation',
  since: '0.2.0',
  finds: ['key «AccountKey={base62:86}==» x'],
  ignores: ['AccountKeyyour_key_goes_here_xxxxxxxxxxxx'],
};
