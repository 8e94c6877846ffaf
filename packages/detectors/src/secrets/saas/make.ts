import { marked } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Make. */
export const make: Recogniser = {
  type: 'secret.make',
  name: 'Make (make)',
  forms: [marked('hook\\.(?:eu|us)\\d\\.make\\.com/[a-z0-9]{32}')],
  source: 'Make, issued tokens',
  since: '0.2.0',
  finds: ['key «hook.eu{digits:1}.make.com/{base36:32}» x'],
  ignores: ['hookyour_key_goes_here_xxxxxxxxxxxx'],
};
