import { marked } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Cisco Webex. */
export const webex: Recogniser = {
  type: 'secret.webex',
  name: 'Cisco Webex (webex)',
  forms: [marked('[A-Za-z0-9]{64}_[A-Z0-9]{4}_[a-f0-9-]{36}')],
  source: 'Cisco Webex, issued tokens',
  since: '0.2.0',
  finds: ['key «{base62:64}_{BASE36:4}_{hex:36}» x'],
  ignores: ['token = your_key_goes_here'],
};
