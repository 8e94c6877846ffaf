import { marked } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** IFTTT. */
export const ifttt: Recogniser = {
  type: 'secret.ifttt',
  name: 'IFTTT (ifttt)',
  forms: [marked('maker\\.ifttt\\.com/trigger/\\w{1,100}/with/key/[\\w-]{22}')],
  source: 'IFTTT, issued tokens',
  since: '0.2.0',
  finds: ['key «maker.ifttt.com/trigger/{base62:6}/with/key/{base62:22}» x'],
  ignores: ['makeryour_key_goes_here_xxxxxxxxxxxx'],
};
