import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Perplexity. */
export const perplexity: Recogniser = {
  type: 'secret.perplexity',
  name: 'Perplexity (perplexity)',
  forms: [issued(['pplx-'], /pplx-[A-Za-z0-9]{40,60}/)],
  source: 'Perplexity; facts also in the default rules of gitleaks (MIT)',
  since: '0.2.0',
  finds: ['key «pplx-{base62:40}» x'],
  ignores: ['pplx-your_key_goes_here_xxxxxxxxxxxx'],
};
