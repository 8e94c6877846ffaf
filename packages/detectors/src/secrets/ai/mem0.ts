import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Mem0. */
export const mem0: Recogniser = {
  type: 'secret.mem0',
  name: 'Mem0 (mem0)',
  forms: [issued(['m0-'], /m0-[A-Za-z0-9]{40}/)],
  source: 'Mem0, issued tokens',
  since: '0.2.0',
  finds: ['key «m0-{base62:40}» x'],
  ignores: ['m0-your_key_goes_here_xxxxxxxxxxxx'],
};
