import { markedInside } from '../../form/value.ts';
import type { Recogniser } from '../../recogniser.ts';

/** RapidAPI. */
export const rapidapi: Recogniser = {
  type: 'secret.rapidapi',
  name: 'RapidAPI (rapidapi)',
  forms: [markedInside(/^[a-z0-9]{10}msh[a-z0-9]{15}p1[a-z0-9]{6}jsn[a-z0-9]{12}$/)],
  source: 'RapidAPI, issued tokens',
  since: '0.2.0',
  finds: ['key «{base36:10}msh{base36:15}p1{base36:6}jsn{base36:12}» x'],
  ignores: ['token = your_key_goes_here'],
};
