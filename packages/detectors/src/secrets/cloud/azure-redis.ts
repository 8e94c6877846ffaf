import { markedInside } from '../../form/value.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Azure Redis. */
export const azureRedis: Recogniser = {
  type: 'secret.azure_redis',
  name: 'Azure Redis (azure-redis)',
  forms: [markedInside(/^[A-Za-z0-9]{33}AzCa[A-Za-z0-9]{6}=$/)],
  source: 'Azure Redis; secret scanning partners of GitHub',
  since: '0.2.0',
  finds: ['key «{base62:33}AzCa{base62:6}=» x'],
  ignores: ['token = your_key_goes_here'],
};
