import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** DigitalOcean. */
export const digitaloceanSpaces: Recogniser = {
  type: 'secret.digitalocean_spaces',
  name: 'DigitalOcean (digitalocean-spaces)',
  forms: [issued(['DO00'], /DO00[A-Z0-9]{16}/)],
  source: 'DigitalOcean, issued tokens',
  since: '0.2.0',
  finds: ['key «DO00{BASE36:16}» x'],
  ignores: ['DO00your_key_goes_here_xxxxxxxxxxxx'],
};
