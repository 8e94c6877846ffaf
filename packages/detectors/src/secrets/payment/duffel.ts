import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Duffel. */
export const duffel: Recogniser = {
  type: 'secret.duffel',
  name: 'Duffel (duffel)',
  forms: [issued(['duffel_test_', 'duffel_live_'], /duffel_(?:test|live)_[\w-]{43}/)],
  source: 'Duffel; facts also in the default rules of gitleaks (MIT)',
  since: '0.2.0',
  finds: ['key «duffel_test_{base62:43}» x'],
  ignores: ['duffel_test_your_key_goes_here_xxxxxxxxxxxx'],
};
