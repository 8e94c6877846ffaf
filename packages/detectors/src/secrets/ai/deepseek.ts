import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** DeepSeek. */
export const deepseek: Recogniser = {
  type: 'secret.deepseek',
  name: 'DeepSeek (deepseek)',
  forms: [issued(['sk-'], /sk-[a-f0-9]{32}/)],
  source: 'DeepSeek; secret scanning partners of GitHub',
  since: '0.2.0',
  finds: ['key «sk-{hex:32}» x'],
  ignores: ['sk-your_key_goes_here_xxxxxxxxxxxx'],
};
