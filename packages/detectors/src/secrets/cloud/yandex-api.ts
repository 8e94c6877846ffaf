import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Yandex Cloud. */
export const yandexApi: Recogniser = {
  type: 'secret.yandex_api',
  name: 'Yandex Cloud (yandex-api)',
  forms: [issued(['AQVN'], /AQVN[\w-]{35,38}/)],
  source: 'Yandex Cloud; facts also in the default rules of gitleaks (MIT)',
  since: '0.2.0',
  finds: ['key «AQVN{base62:35}» x'],
  ignores: ['AQVNyour_key_goes_here_xxxxxxxxxxxx'],
};
