import { markedInside } from '../../form/value.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Azure Cosmos DB. */
export const azureCosmos: Recogniser = {
  type: 'secret.azure_cosmos',
  name: 'Azure Cosmos DB (azure-cosmos)',
  forms: [markedInside(/^[A-Za-z0-9+/]{76}ACDb[A-Za-z0-9+/]{6}==$/)],
  source: 'Azure Cosmos DB; secret scanning partners of GitHub',
  since: '0.2.0',
  finds: ['key «{base62:76}ACDb{base62:6}==» x'],
  ignores: ['token = your_key_goes_here'],
};
