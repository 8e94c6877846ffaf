import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Thunderstore; it has a check, crc32, which is not demanded: a mangled token is worth hiding too. */
export const frame: Recogniser = {
  type: 'secret.frame',
  name: 'Thunderstore (frame)',
  forms: [issued(['tss_'], /tss_[A-Za-z0-9]{36}/)],
  source: 'Thunderstore; secret scanning partners of GitHub',
  since: '0.2.0',
  finds: ['key «tss_{base62:36}» x'],
  ignores: ['tss_your_key_goes_here_xxxxxxxxxxxx'],
};
