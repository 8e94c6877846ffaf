import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Tavily. */
export const tavily: Recogniser = {
  type: 'secret.tavily',
  name: 'Tavily (tavily)',
  forms: [issued(['tvly-'], /tvly-(?:dev-|prod-)?[A-Za-z0-9]{32}/)],
  source: 'Tavily; secret scanning partners of GitHub',
  since: '0.2.0',
  finds: ['key «tvly-{base62:32}» x'],
  ignores: ['tvly-your_key_goes_here_xxxxxxxxxxxx'],
};
