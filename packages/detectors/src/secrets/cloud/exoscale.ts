import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Exoscale. */
export const exoscale: Recogniser = {
  type: 'secret.exoscale',
  name: 'Exoscale (exoscale)',
  forms: [issued(['EXO'], /EXO[a-f0-9]{24,26}/)],
  source: 'Exoscale, issued tokens',
  since: '0.2.0',
  finds: ['key «EXO{hex:24}» x'],
  ignores: ['EXOyour_key_goes_here_xxxxxxxxxxxx'],
};
