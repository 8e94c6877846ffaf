import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** crates.io. */
export const crates: Recogniser = {
  type: 'secret.crates',
  name: 'crates.io (crates)',
  forms: [issued(['cio'], /cio[A-Za-z0-9]{32}/)],
  source: 'crates.io; secret scanning partners of GitHub',
  since: '0.2.0',
  finds: ['key «cio{base62:32}» x'],
  ignores: ['cioyour_key_goes_here_xxxxxxxxxxxx'],
};
