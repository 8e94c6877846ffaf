import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Canva. */
export const canva: Recogniser = {
  type: 'secret.canva',
  name: 'Canva (canva)',
  forms: [issued(['cnvc'], /cnvc[a-z]{2}[\w-]{50,60}/)],
  source: 'Canva; secret scanning partners of GitHub',
  since: '0.2.0',
  finds: ['key «cnvc{lower:2}{base62:50}» x'],
  ignores: ['cnvcyour_key_goes_here_xxxxxxxxxxxx'],
};
