import { markedInside } from '../../form/value.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Azure AI services. */
export const azureCognitive: Recogniser = {
  type: 'secret.azure_cognitive',
  name: 'Azure AI services (azure-cognitive)',
  forms: [markedInside(/^[A-Za-z0-9]{52}JQQJ99[A-Z0-9]{4}AC[A-Za-z0-9]{4}[A-Za-z0-9]{16}$/)],
  source: 'Azure AI services; secret scanning partners of GitHub',
  since: '0.2.0',
  finds: ['key «{base62:52}JQQJ99{BASE36:4}AC{base62:4}{base62:16}» x'],
  ignores: ['token = your_key_goes_here'],
};
