import { marked } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Rancher. */
export const rancher: Recogniser = {
  type: 'secret.rancher',
  name: 'Rancher (rancher)',
  forms: [marked('token-[a-z0-9]{5}:[a-z0-9]{54}')],
  source: 'Rancher, issued tokens',
  since: '0.2.0',
  finds: ['key «token-{base36:5}:{base36:54}» x'],
  ignores: ['token-your_key_goes_here_xxxxxxxxxxxx'],
};
