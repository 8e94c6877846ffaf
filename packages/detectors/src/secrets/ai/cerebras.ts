import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Cerebras. */
export const cerebras: Recogniser = {
  type: 'secret.cerebras',
  name: 'Cerebras (cerebras)',
  forms: [issued(['csk-'], /csk-[a-z0-9]{48}/)],
  source: 'Cerebras, issued tokens',
  since: '0.2.0',
  finds: ['key «csk-{base36:48}» x'],
  ignores: ['csk-your_key_goes_here_xxxxxxxxxxxx'],
};
