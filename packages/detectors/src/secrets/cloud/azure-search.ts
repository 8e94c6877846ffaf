import { markedInside } from '../../form/value.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Azure AI Search. */
export const azureSearch: Recogniser = {
  type: 'secret.azure_search',
  name: 'Azure AI Search (azure-search)',
  forms: [markedInside(/^[A-Za-z0-9]{42}AzSe[A-D][A-Za-z0-9]{5}$/)],
  source: 'Azure AI Search; secret scanning partners of GitHub',
  since: '0.2.0',
  finds: ['key «{base62:42}AzSeA{base62:5}» x'],
  ignores: ['token = your_key_goes_here'],
};
