import { marked } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Sidekiq Pro and Enterprise credentials. */
export const sidekiq: Recogniser = {
  type: 'secret.sidekiq',
  name: 'Sidekiq Pro and Enterprise credentials',
  forms: [{ ...marked('[a-f0-9]{8}:[a-f0-9]{8}'), score: 0.9, near: ['contribsys'] }],
  source: 'Contributed Systems; facts also in the default rules of gitleaks (MIT)',
  since: '0.3.0',
  finds: [
    'export BUNDLE_ENTERPRISE__CONTRIBSYS__COM=«{hex:8}:{hex:8}»',
    'bundle config gems.contribsys.com «{hex:8}:{hex:8}»',
  ],
  ignores: ['offset {hex:8}:{hex:8} in the dump', 'BUNDLE_GEMS__CONTRIBSYS__COM=user:password'],
};
