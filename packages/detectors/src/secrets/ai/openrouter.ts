import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** OpenRouter. */
export const openrouter: Recogniser = {
  type: 'secret.openrouter',
  name: 'OpenRouter (openrouter)',
  forms: [issued(['sk-or-v1-'], /sk-or-v1-[a-f0-9]{64}/)],
  source: 'OpenRouter; secret scanning partners of GitHub',
  since: '0.2.0',
  finds: ['key «sk-or-v1-{hex:64}» x'],
  ignores: ['sk-or-v1-your_key_goes_here_xxxxxxxxxxxx'],
};
