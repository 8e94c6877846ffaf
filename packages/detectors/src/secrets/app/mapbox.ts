import { marked } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Mapbox. */
export const mapbox: Recogniser = {
  type: 'secret.mapbox',
  name: 'Mapbox (mapbox)',
  forms: [marked('sk\\.eyJ1Ijoi[\\w-]{50,80}\\.[\\w-]{22}')],
  source: 'Mapbox; secret scanning partners of GitHub',
  since: '0.2.0',
  finds: ['key «sk.eyJ1Ijoi{base62:50}.{base62:22}» x'],
  ignores: ['skyour_key_goes_here_xxxxxxxxxxxx'],
};
