import { marked } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Frame.io. */
export const frameio: Recogniser = {
  type: 'secret.frameio',
  name: 'Frame.io (frameio)',
  forms: [marked('fio-u-[\\w=-]{64}')],
  source: 'Frame.io; facts also in the default rules of gitleaks (MIT)',
  since: '0.2.0',
  finds: ['key «fio-u-{base62:64}» x'],
  ignores: ['fio-u-your_key_goes_here_xxxxxxxxxxxx'],
};
