import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** OpenAI. */
export const openaiSession: Recogniser = {
  type: 'secret.openai_session',
  name: 'OpenAI (openai-session)',
  forms: [issued(['sess-'], /sess-[A-Za-z0-9]{40}/)],
  source: 'OpenAI, issued tokens',
  since: '0.2.0',
  finds: ['key «sess-{base62:40}» x'],
  ignores: ['sess-your_key_goes_here_xxxxxxxxxxxx'],
};
