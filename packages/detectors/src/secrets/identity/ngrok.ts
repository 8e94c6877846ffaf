import { marked } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** ngrok. */
export const ngrok: Recogniser = {
  type: 'secret.ngrok',
  name: 'ngrok (ngrok)',
  forms: [marked('(?:cr_[A-Za-z0-9]{27}|2[A-Za-z0-9]{26}_[A-Za-z0-9]{21})')],
  source: 'ngrok; secret scanning partners of GitHub',
  since: '0.2.0',
  finds: ['key «cr_{base62:27}» x'],
  ignores: ['token = your_key_goes_here'],
};
