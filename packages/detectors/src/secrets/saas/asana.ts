import { marked } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Asana. */
export const asana: Recogniser = {
  type: 'secret.asana',
  name: 'Asana (asana)',
  forms: [marked('[12]/\\d{16}(?:/\\d{16})?:[a-f0-9]{32}')],
  source: 'Asana; secret scanning partners of GitHub',
  since: '0.2.0',
  finds: ['key «1/{digits:16}:{hex:32}» x'],
  ignores: ['token = your_key_goes_here'],
};
