import { isCanary } from '../../attack/canary.ts';
import type { Recogniser } from '../../recogniser.ts';

/**
 * What `interaction.canary()` makes, as it is, in capitals, or with its signs parted. Whatever holds one was copied
 * from a system prompt.
 */
export const token: Recogniser = {
  type: 'leakage.canary',
  name: 'Canary of a system prompt',
  fold: true,
  exceptable: false,
  forms: [
    { find: /(?<![A-Za-z0-9])fbc-[a-z2-7]{20}(?![A-Za-z0-9])/i, score: 1, validate: isCanary },
    {
      find: /(?<![A-Za-z0-9])f[ ._-]{1,2}b[ ._-]{1,2}c[ ._-]{1,5}(?:[a-z2-7][ ._-]{1,2}){19}[a-z2-7](?![A-Za-z0-9])/i,
      score: 1,
      validate: isCanary,
    },
  ],
  source: 'interaction.canary(); OWASP LLM07:2025, system prompt leakage',
  since: '0.2.0',
  finds: [
    'It says «fbc-lqv27ejoty5chmrw6u7l» at the end.',
    '«FBC-LQV27EJOTY5CHMRW6U7L»',
    'x «f b c - l q v 2 7 e j o t y 5 c h m r w 6 u 7 l» y',
  ],
  ignores: ['fbc-aaaaaaaaaaaaaaaaaaaa', 'fbc-1234', 'a canary named fbc-yellow'],
};
