import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** CockroachDB. */
export const cockroach: Recogniser = {
  type: 'secret.cockroach',
  name: 'CockroachDB (cockroach)',
  forms: [issued(['CCDB1_'], /CCDB1_[A-Za-z0-9]{22}_[A-Za-z0-9]{40}/)],
  source: 'CockroachDB; secret scanning partners of GitHub',
  since: '0.2.0',
  finds: ['key «CCDB1_{base62:22}_{base62:40}» x'],
  ignores: ['CCDB1_your_key_goes_here_xxxxxxxxxxxx'],
};
