import { marked } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** FullStory. */
export const fullstory: Recogniser = {
  type: 'secret.fullstory',
  name: 'FullStory (fullstory)',
  forms: [marked('na1\\.[A-Za-z0-9+/]{100}')],
  source: 'FullStory; secret scanning partners of GitHub',
  since: '0.2.0',
  finds: ['key «na1.{base62:100}» x'],
  ignores: ['na1your_key_goes_here_xxxxxxxxxxxx'],
};
