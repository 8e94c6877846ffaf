import { marked } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Lambda Cloud. */
export const lambda: Recogniser = {
  type: 'secret.lambda',
  name: 'Lambda Cloud (lambda)',
  forms: [marked('secret_[\\w-]{6,80}_[a-f0-9]{32}\\.[A-Za-z0-9]{32}')],
  source: 'Lambda Cloud, issued tokens',
  since: '0.2.0',
  finds: ['key «secret_{base62:6}_{hex:32}.{base62:32}» x'],
  ignores: ['secret_your_key_goes_here_xxxxxxxxxxxx'],
};
