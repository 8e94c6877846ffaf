import { marked } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Typeform. */
export const typeform: Recogniser = {
  type: 'secret.typeform',
  name: 'Typeform (typeform)',
  forms: [marked('tfp_[\\w.=-]{44,59}')],
  source: 'Typeform; facts also in the default rules of gitleaks (MIT)',
  since: '0.2.0',
  finds: ['key «tfp_{base62:44}» x'],
  ignores: ['tfp_your_key_goes_here_xxxxxxxxxxxx'],
};
