import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** ElevenLabs. */
export const elevenlabs: Recogniser = {
  type: 'secret.elevenlabs',
  name: 'ElevenLabs (elevenlabs)',
  forms: [issued(['sk_'], /sk_[a-f0-9]{48}/)],
  source: 'ElevenLabs; secret scanning partners of GitHub',
  since: '0.2.0',
  finds: ['key «sk_{hex:48}» x'],
  ignores: ['sk_your_key_goes_here_xxxxxxxxxxxx'],
};
