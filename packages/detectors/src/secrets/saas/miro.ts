import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Miro. */
export const miro: Recogniser = {
  type: 'secret.miro',
  name: 'Miro (miro)',
  forms: [issued(['eyJtaXJvLm9yaWdpbiI'], /eyJtaXJvLm9yaWdpbiI[\w-]{6,}_[\w-]{27}/)],
  source: 'Miro, issued tokens',
  since: '0.2.0',
  finds: ['key «eyJtaXJvLm9yaWdpbiI{base62:6}_{base62:27}» x'],
  ignores: ['eyJtaXJvLm9yaWdpbiIyour_key_goes_here_xxxxxxxxxxxx'],
};
