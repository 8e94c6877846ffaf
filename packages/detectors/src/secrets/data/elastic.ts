import { marked } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Elastic Cloud. */
export const elastic: Recogniser = {
  type: 'secret.elastic',
  name: 'Elastic Cloud (elastic)',
  forms: [marked('essu_[A-Za-z0-9+/]{60,}={0,2}')],
  source: 'Elastic Cloud, issued tokens',
  since: '0.2.0',
  finds: ['key «essu_{base62:60}» x'],
  ignores: ['essu_your_key_goes_here_xxxxxxxxxxxx'],
};
