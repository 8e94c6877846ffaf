import { marked } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Beamer API key. */
export const beamer: Recogniser = {
  type: 'secret.beamer',
  name: 'Beamer API key',
  forms: [{ ...marked('b_[\\w=-]{44}'), score: 0.9, near: ['beamer'] }],
  source: 'Beamer; facts also in the default rules of gitleaks (MIT)',
  since: '0.3.0',
  finds: ['BEAMER_API_KEY=«b_{base62:44}»'],
  ignores: ['b_{base62:44}', 'beamer b_short'],
};
