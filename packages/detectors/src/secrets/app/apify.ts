import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Apify. */
export const apify: Recogniser = {
  type: 'secret.apify',
  name: 'Apify (apify)',
  forms: [issued(['apify_api_'], /apify_api_[A-Za-z0-9]{36}/)],
  source: 'Apify; secret scanning partners of GitHub',
  since: '0.2.0',
  finds: ['key «apify_api_{base62:36}» x'],
  ignores: ['apify_api_your_key_goes_here_xxxxxxxxxxxx'],
};
