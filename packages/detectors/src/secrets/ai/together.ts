import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Together AI API key. */
export const together: Recogniser = {
  type: 'secret.together',
  name: 'Together AI API key',
  forms: [issued(['tgp_v1_'], /tgp_v1_[\w-]{43}/)],
  source: 'Together AI, documentation',
  since: '0.3.0',
  finds: ['TOGETHER_API_KEY=«tgp_v1_{base62:43}»'],
  ignores: ['tgp_v1_your_key_goes_here_xxxxxxxxxxxx'],
};
