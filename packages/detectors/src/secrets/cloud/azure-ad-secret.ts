import { markedInside } from '../../form/value.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Microsoft Entra. */
export const azureAdSecret: Recogniser = {
  type: 'secret.azure_ad_secret',
  name: 'Microsoft Entra (azure-ad-secret)',
  forms: [markedInside(/^[A-Za-z0-9_~.]{3}\dQ~[A-Za-z0-9_~.-]{31,34}$/)],
  source: 'Microsoft Entra; facts also in the default rules of gitleaks (MIT)',
  since: '0.2.0',
  finds: ['key «{base62:3}{digits:1}Q~{base62:31}» x'],
  ignores: ['token = your_key_goes_here'],
};
