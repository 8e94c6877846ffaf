import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Statsig server key. */
export const statsig: Recogniser = {
  type: 'secret.statsig',
  name: 'Statsig server key',
  forms: [issued(['secret-'], /secret-[A-Za-z0-9]{40,46}/)],
  source: 'Statsig, documentation',
  since: '0.3.0',
  finds: ['STATSIG_SERVER_SECRET=«secret-{base62:43}»'],
  ignores: ['secret-santa-for-the-team', 'secret-your_key_goes_here_xxxxxxxxxxxx'],
};
