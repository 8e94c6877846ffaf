import { markedInside } from '../../form/value.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Yandex. */
export const yandexOauth: Recogniser = {
  type: 'secret.yandex_oauth',
  name: 'Yandex (yandex-oauth)',
  forms: [markedInside(/^y[0-3]_[\w-]{55,60}$/)],
  source: 'Yandex; secret scanning partners of GitHub',
  since: '0.2.0',
  finds: ['key «y0_{base62:55}» x'],
  ignores: ['token = your_key_goes_here'],
};
