import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Square. */
export const squareToken: Recogniser = {
  type: 'secret.square_token',
  name: 'Square (square-token)',
  forms: [issued(['EAAA'], /EAAA[\w-]{60}/)],
  source: 'Square; facts also in the default rules of gitleaks (MIT)',
  since: '0.2.0',
  finds: ['key «EAAA{base62:60}» x'],
  ignores: ['EAAAyour_key_goes_here_xxxxxxxxxxxx'],
};
