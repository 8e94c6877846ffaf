import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** MongoDB Atlas. */
export const mongodbAtlas: Recogniser = {
  type: 'secret.mongodb_atlas',
  name: 'MongoDB Atlas (mongodb-atlas)',
  forms: [issued(['mdb_sa_sk_'], /mdb_sa_sk_[\w-]{40}/)],
  source: 'MongoDB Atlas, issued tokens',
  since: '0.2.0',
  finds: ['key «mdb_sa_sk_{base62:40}» x'],
  ignores: ['mdb_sa_sk_your_key_goes_here_xxxxxxxxxxxx'],
};
