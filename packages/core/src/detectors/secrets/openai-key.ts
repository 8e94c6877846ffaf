import type { Recogniser } from '../recogniser.ts';

/**
 * OpenAI API keys: `sk-` and letters and digits (user keys), or `sk-proj-`, `sk-svcacct-`, `sk-admin-` and a longer token that
 * may hold hyphens and underscores. Reported from the 20th unit of the token on; its length is not documented and has grown.
 */
export const openaiKey: Recogniser = {
  type: 'secret.openai_key',
  version: '1',
  find: /(?<![A-Za-z0-9_])sk-(?:[A-Za-z0-9]{20,}|(?:proj|svcacct|admin|None)-[A-Za-z0-9_-]{20,})/,
  exceptable: false,
};
