import { marked } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Okta API token. */
export const okta: Recogniser = {
  type: 'secret.okta',
  name: 'Okta API token',
  forms: [{ ...marked('00[\\w-]{40}'), score: 0.9, near: ['okta', 'ssws'] }],
  source: 'Okta, documentation; facts also in the default rules of gitleaks (MIT)',
  since: '0.3.0',
  finds: ['Authorization: SSWS «00{base62:40}»', 'var OktaApiToken = "«00{base62:40}»";'],
  ignores: ['okta 00{digits:8}', 'id 00{base62:40}'],
};
