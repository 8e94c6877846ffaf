import { marked } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Laravel application key. */
export const laravel: Recogniser = {
  type: 'secret.laravel',
  name: 'Laravel application key',
  forms: [marked('base64:[A-Za-z0-9+/]{43}=')],
  source: 'Laravel, documentation of encryption',
  since: '0.3.0',
  finds: ['APP_KEY=«base64:{base62:43}=»'],
  ignores: ['APP_KEY=base64:your_key_goes_here', 'data:image/png;base64,iVBORw0KGgo='],
};
