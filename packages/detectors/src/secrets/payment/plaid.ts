import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Plaid. */
export const plaid: Recogniser = {
  type: 'secret.plaid',
  name: 'Plaid (plaid)',
  forms: [
    issued(
      ['access-sandbox-', 'access-development-', 'access-production-'],
      /access-(?:sandbox|development|production)-[a-f0-9]{8}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{12}/,
    ),
  ],
  source: 'Plaid; facts also in the default rules of gitleaks (MIT)',
  since: '0.2.0',
  finds: ['key «access-sandbox-{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}» x'],
  ignores: ['access-sandbox-your_key_goes_here_xxxxxxxxxxxx'],
};
