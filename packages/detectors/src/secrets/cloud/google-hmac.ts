import { marked } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Google Cloud storage HMAC key. */
export const googleHmac: Recogniser = {
  type: 'secret.google_hmac',
  name: 'Google Cloud storage HMAC key',
  forms: [marked('GOOG1E[A-Z0-9]{55}')],
  source: 'Google Cloud Storage, HMAC keys',
  since: '0.3.0',
  finds: ['access id «GOOG1E{BASE36:55}» x'],
  ignores: ['GOOG1EXAMPLE'],
};
