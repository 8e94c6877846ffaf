import { marked } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Harness. */
export const harness: Recogniser = {
  type: 'secret.harness',
  name: 'Harness (harness)',
  forms: [marked('(?:pat|sat)\\.[\\w-]{22}\\.[A-Za-z0-9]{24}\\.[A-Za-z0-9]{20}')],
  source: 'Harness; facts also in the default rules of gitleaks (MIT)',
  since: '0.2.0',
  finds: ['key «pat.{base62:22}.{base62:24}.{base62:20}» x'],
  ignores: ['patyour_key_goes_here_xxxxxxxxxxxx'],
};
