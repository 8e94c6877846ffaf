import { markedInside } from '../../form/value.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Azure Container Registry. */
export const azureAcr: Recogniser = {
  type: 'secret.azure_acr',
  name: 'Azure Container Registry (azure-acr)',
  forms: [markedInside(/^[A-Za-z0-9+/]{42}\+ACR[A-D][A-Za-z0-9+/]{5}$/)],
  source: 'Azure Container Registry; secret scanning partners of GitHub',
  since: '0.2.0',
  finds: ['key «{base62:42}+ACRA{base62:5}» x'],
  ignores: ['token = your_key_goes_here'],
};
