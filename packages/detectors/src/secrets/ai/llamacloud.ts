import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** LlamaCloud. */
export const llamacloud: Recogniser = {
  type: 'secret.llamacloud',
  name: 'LlamaCloud (llamacloud)',
  forms: [issued(['llx-'], /llx-[A-Za-z0-9]{48}/)],
  source: 'LlamaCloud, issued tokens',
  since: '0.2.0',
  finds: ['key «llx-{base62:48}» x'],
  ignores: ['llx-your_key_goes_here_xxxxxxxxxxxx'],
};
