import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** GoCardless access token. */
export const gocardless: Recogniser = {
  type: 'secret.gocardless',
  name: 'GoCardless access token',
  forms: [issued(['live_'], /live_[\w-]{40}/)],
  source: 'GoCardless; facts also in the default rules of gitleaks (MIT)',
  since: '0.3.0',
  finds: ['gocardless token «live_{base62:40}»'],
  ignores: ['live_your_key_goes_here_xxxxxxxxxxxx', 'live_and_let_die_is_a_film_of_nineteen_seventy'],
};
