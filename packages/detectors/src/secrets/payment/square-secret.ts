import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Square. */
export const squareSecret: Recogniser = {
  type: 'secret.square_secret',
  name: 'Square (square-secret)',
  forms: [issued(['sq0atp-', 'sq0csp-', 'sq0idp-'], /sq0(?:atp|csp|idp)-[\w-]{22,43}/)],
  source: 'Square; facts also in the default rules of gitleaks (MIT)',
  since: '0.2.0',
  finds: ['key «sq0atp-{base62:22}» x'],
  ignores: ['sq0atp-your_key_goes_here_xxxxxxxxxxxx'],
};
