import { marked } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Prismic access token. */
export const prismic: Recogniser = {
  type: 'secret.prismic',
  name: 'Prismic access token',
  forms: [marked('MC5[A-Za-z0-9_-]{20,}\\.[A-Za-z0-9_.-]{60,}')],
  source: 'Prismic, documentation',
  since: '0.3.0',
  finds: ['token «MC5{base62:30}.{base62:70}» x'],
  ignores: ['MC5your_key_goes_here'],
};
