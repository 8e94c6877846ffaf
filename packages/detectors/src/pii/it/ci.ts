import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** No check; electronic cards and paper ones. */
export const ci: Recogniser = nationalId({
  type: 'pii.national_id.it_ci',
  name: 'Carta d’identità (Italy)',
  plain: 'C[A-Z]\\d{5}[A-Z]{2}|[A-Z]{2}\\d{7}',
  near: ['carta d identità', 'carta di identità', 'carta identità', 'identity card', 'numero documento'],
  source: 'Ministero dell’Interno',
  since: '0.3.0',
  finds: ['carta d identità: «CA41827KX»'],
  ignores: ['order CA41827KX was sent'],
});
