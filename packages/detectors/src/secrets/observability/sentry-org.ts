import { marked } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Sentry. */
export const sentryOrg: Recogniser = {
  type: 'secret.sentry_org',
  name: 'Sentry (sentry-org)',
  forms: [marked('sntrys_eyJpYXQiO[A-Za-z0-9+/=_-]{60,}')],
  source: 'Sentry; facts also in the default rules of gitleaks (MIT)',
  since: '0.2.0',
  finds: ['key «sntrys_eyJpYXQiO{base62:60}» x'],
  ignores: ['sntrys_eyJpYXQiOyour_key_goes_here_xxxxxxxxxxxx'],
};
