import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Fireworks AI. */
export const fireworks: Recogniser = {
  type: 'secret.fireworks',
  name: 'Fireworks AI (fireworks)',
  forms: [issued(['fw_'], /fw_[A-Za-z0-9]{22,24}/)],
  source: 'Fireworks AI, issued tokens',
  since: '0.2.0',
  finds: ['key «fw_{base62:22}» x'],
  ignores: ['fw_your_key_goes_here_xxxxxxxxxxxx'],
};
