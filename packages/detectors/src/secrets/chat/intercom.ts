import { marked } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Intercom. */
export const intercom: Recogniser = {
  type: 'secret.intercom',
  name: 'Intercom (intercom)',
  forms: [marked('dG9rO[A-Za-z0-9+/]{50,60}={0,2}')],
  source: 'Intercom; secret scanning partners of GitHub',
  since: '0.2.0',
  finds: ['key «dG9rO{base62:50}» x'],
  ignores: ['dG9rOyour_key_goes_here_xxxxxxxxxxxx'],
};
