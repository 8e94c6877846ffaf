import { marked } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Confluent. */
export const confluent: Recogniser = {
  type: 'secret.confluent',
  name: 'Confluent (confluent)',
  forms: [marked('cflt[A-Za-z0-9+/]{60}')],
  source: 'Confluent, issued tokens',
  since: '0.2.0',
  finds: ['key «cflt{base62:60}» x'],
  ignores: ['cfltyour_key_goes_here_xxxxxxxxxxxx'],
};
