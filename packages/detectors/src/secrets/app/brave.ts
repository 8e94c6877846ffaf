import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Brave Search. */
export const brave: Recogniser = {
  type: 'secret.brave',
  name: 'Brave Search (brave)',
  forms: [issued(['BSA'], /BSA[\w-]{28}/)],
  source: 'Brave Search, issued tokens',
  since: '0.2.0',
  finds: ['key «BSA{base62:28}» x'],
  ignores: ['BSAyour_key_goes_here_xxxxxxxxxxxx'],
};
