import { markedInside } from '../../form/value.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Azure Functions. */
export const azureFunctions: Recogniser = {
  type: 'secret.azure_functions',
  name: 'Azure Functions (azure-functions)',
  forms: [markedInside(/^[\w-]{44}AzFu[\w-]{6}==$/)],
  source: 'Azure Functions; secret scanning partners of GitHub',
  since: '0.2.0',
  finds: ['key «{base62:44}AzFu{base62:6}==» x'],
  ignores: ['token = your_key_goes_here'],
};
