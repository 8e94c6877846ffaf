import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Sentry. */
export const sentryUser: Recogniser = {
  type: 'secret.sentry_user',
  name: 'Sentry (sentry-user)',
  forms: [issued(['sntryu_', 'sntrya_'], /sntry[ua]_[a-f0-9]{64}/)],
  source: 'Sentry; facts also in the default rules of gitleaks (MIT)',
  since: '0.2.0',
  finds: ['key «sntryu_{hex:64}» x'],
  ignores: ['sntryu_your_key_goes_here_xxxxxxxxxxxx'],
};
