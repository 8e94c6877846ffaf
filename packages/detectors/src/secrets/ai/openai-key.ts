import type { Recogniser } from '../../recogniser.ts';

/**
 * OpenAI API keys: `sk-` and letters and digits (user keys), or `sk-proj-`, `sk-svcacct-`, `sk-admin-` and a longer
 * token that may hold hyphens and underscores.
 */
export const openaiKey: Recogniser = {
  type: 'secret.openai_key',
  name: 'OpenAI API key',
  exceptable: false,
  forms: [
    { find: /(?<![A-Za-z0-9_])sk-(?:[A-Za-z0-9]{20,}|(?:proj|svcacct|admin|None)-[A-Za-z0-9_-]{20,})/, score: 1 },
  ],
  source: 'issued keys; the length is not documented',
  since: '0.1.0',
  finds: ['"«sk-{base62:48}»"'],
  ignores: ['sk-learn-toggleable__label-arrow is a class'],
};
