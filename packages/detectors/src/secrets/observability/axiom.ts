import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Axiom. */
export const axiom: Recogniser = {
  type: 'secret.axiom',
  name: 'Axiom (axiom)',
  forms: [issued(['xaat-', 'xapt-'], /xa[ap]t-[a-f0-9]{8}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{12}/)],
  source: 'Axiom, issued tokens',
  since: '0.2.0',
  finds: ['key «xaat-{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}» x'],
  ignores: ['xaat-your_key_goes_here_xxxxxxxxxxxx'],
};
