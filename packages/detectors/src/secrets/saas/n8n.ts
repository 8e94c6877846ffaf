import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** n8n. */
export const n8n: Recogniser = {
  type: 'secret.n8n',
  name: 'n8n (n8n)',
  forms: [issued(['n8n_api_'], /n8n_api_[a-f0-9]{80}/)],
  source: 'n8n, issued tokens',
  since: '0.2.0',
  finds: ['key «n8n_api_{hex:80}» x'],
  ignores: ['n8n_api_your_key_goes_here_xxxxxxxxxxxx'],
};
