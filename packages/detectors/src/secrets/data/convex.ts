import { marked } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Convex. */
export const convex: Recogniser = {
  type: 'secret.convex',
  name: 'Convex (convex)',
  forms: [marked('(?:prod|dev|preview):[a-z0-9-]{3,60}\\|[A-Za-z0-9+/=]{40,180}')],
  source: 'Convex, issued tokens',
  since: '0.2.0',
  finds: ['key «prod:{base36:3}|{base62:40}» x'],
  ignores: ['prodyour_key_goes_here_xxxxxxxxxxxx'],
};
