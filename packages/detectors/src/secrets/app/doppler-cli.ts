import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Ionic (Appflow); it has a check, crc32, which is not demanded: a mangled token is worth hiding too. */
export const dopplerCli: Recogniser = {
  type: 'secret.doppler_cli',
  name: 'Ionic (Appflow) (doppler-cli)',
  forms: [issued(['ion_'], /ion_[A-Za-z0-9]{42}/)],
  source: 'Ionic (Appflow); secret scanning partners of GitHub',
  since: '0.2.0',
  finds: ['key «ion_{base62:42}» x'],
  ignores: ['ion_your_key_goes_here_xxxxxxxxxxxx'],
};
