import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** ReadMe. */
export const readme: Recogniser = {
  type: 'secret.readme',
  name: 'ReadMe (readme)',
  forms: [issued(['rdme_'], /rdme_[a-z0-9]{70}/)],
  source: 'ReadMe; facts also in the default rules of gitleaks (MIT)',
  since: '0.2.0',
  finds: ['key «rdme_{base36:70}» x'],
  ignores: ['rdme_your_key_goes_here_xxxxxxxxxxxx'],
};
