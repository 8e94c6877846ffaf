import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Fauna. */
export const fauna: Recogniser = {
  type: 'secret.fauna',
  name: 'Fauna (fauna)',
  forms: [issued(['fnAA', 'fnAC', 'fnAD', 'fnAE', 'fnAF'], /fn(?:AA|AC|AD|AE|AF)[A-Za-z0-9_-]{36}/)],
  source: 'Fauna, issued tokens',
  since: '0.2.0',
  finds: ['key «fnAA{base62:36}» x'],
  ignores: ['fnAAyour_key_goes_here_xxxxxxxxxxxx'],
};
