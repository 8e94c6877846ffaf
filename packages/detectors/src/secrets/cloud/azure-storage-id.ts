import { markedInside } from '../../form/value.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Azure Storage (marked). */
export const azureStorageId: Recogniser = {
  type: 'secret.azure_storage_id',
  name: 'Azure Storage (marked) (azure-storage-id)',
  forms: [markedInside(/^[A-Za-z0-9+/]{76}\+ASt[A-Za-z0-9+/]{6}==$/)],
  source: 'Azure Storage (marked); secret scanning partners of GitHub',
  since: '0.2.0',
  finds: ['key «{base62:76}+ASt{base62:6}==» x'],
  ignores: ['token = your_key_goes_here'],
};
