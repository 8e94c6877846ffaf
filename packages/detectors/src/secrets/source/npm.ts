import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** npm; it has a check, crc32 in the last 6 (base62), which is not demanded: a mangled token is worth hiding too. */
export const npm: Recogniser = {
  type: 'secret.npm',
  name: 'npm (npm)',
  forms: [issued(['npm_'], /npm_[A-Za-z0-9]{36}/)],
  source: 'npm, documentation',
  since: '0.2.0',
  finds: ['key «npm_{base62:36}» x'],
  ignores: ['npm_your_key_goes_here_xxxxxxxxxxxx'],
};
