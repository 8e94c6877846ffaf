import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Volcengine. */
export const volcengine: Recogniser = {
  type: 'secret.volcengine',
  name: 'Volcengine (volcengine)',
  forms: [issued(['AKLT'], /AKLT[\w-]{40,60}/)],
  source: 'Volcengine; secret scanning partners of GitHub',
  since: '0.2.0',
  finds: ['key «AKLT{base62:40}» x'],
  ignores: ['AKLTyour_key_goes_here_xxxxxxxxxxxx'],
};
