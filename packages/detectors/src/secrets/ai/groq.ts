import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Groq. */
export const groq: Recogniser = {
  type: 'secret.groq',
  name: 'Groq (groq)',
  forms: [issued(['gsk_'], /gsk_[A-Za-z0-9]{48,56}/)],
  source: 'Groq, issued tokens',
  since: '0.2.0',
  finds: ['key «gsk_{base62:48}» x'],
  ignores: ['gsk_your_key_goes_here_xxxxxxxxxxxx'],
};
