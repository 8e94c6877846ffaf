import { markedInside } from '../../form/value.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Zhipu (GLM). */
export const zhipu: Recogniser = {
  type: 'secret.zhipu',
  name: 'Zhipu (GLM) (zhipu)',
  forms: [markedInside(/^[a-f0-9]{32}\.[A-Za-z0-9]{16}$/)],
  source: 'Zhipu (GLM), issued tokens',
  since: '0.2.0',
  finds: ['key «{hex:32}.{base62:16}» x'],
  ignores: ['token = your_key_goes_here'],
};
