import { marked } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Yandex Cloud. */
export const yandexIam: Recogniser = {
  type: 'secret.yandex_iam',
  name: 'Yandex Cloud (yandex-iam)',
  forms: [marked('t1\\.[\\w-]{6,150}={0,2}\\.[\\w-]{86}={0,2}')],
  source: 'Yandex Cloud; facts also in the default rules of gitleaks (MIT)',
  since: '0.2.0',
  finds: ['key «t1.{base62:6}.{base62:86}» x'],
  ignores: ['t1your_key_goes_here_xxxxxxxxxxxx'],
};
