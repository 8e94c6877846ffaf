import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Jina AI. */
export const jina: Recogniser = {
  type: 'secret.jina',
  name: 'Jina AI (jina)',
  forms: [issued(['jina_'], /jina_[a-f0-9]{32}[\w-]{28}/)],
  source: 'Jina AI, issued tokens',
  since: '0.2.0',
  finds: ['key «jina_{hex:32}{base62:28}» x'],
  ignores: ['jina_your_key_goes_here_xxxxxxxxxxxx'],
};
