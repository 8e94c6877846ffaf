import { markedInside } from '../../form/value.ts';
import type { Recogniser } from '../../recogniser.ts';

/** MaxMind. */
export const maxmind: Recogniser = {
  type: 'secret.maxmind',
  name: 'MaxMind (maxmind)',
  forms: [markedInside(/^[A-Za-z0-9]{6}_[A-Za-z0-9]{29}_mmk$/)],
  source: 'MaxMind; facts also in the default rules of gitleaks (MIT)',
  since: '0.2.0',
  finds: ['key «{base62:6}_{base62:29}_mmk» x'],
  ignores: ['token = your_key_goes_here'],
};
