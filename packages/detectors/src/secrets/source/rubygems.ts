import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** RubyGems. */
export const rubygems: Recogniser = {
  type: 'secret.rubygems',
  name: 'RubyGems (rubygems)',
  forms: [issued(['rubygems_'], /rubygems_[a-f0-9]{48}/)],
  source: 'RubyGems; facts also in the default rules of gitleaks (MIT)',
  since: '0.2.0',
  finds: ['key «rubygems_{hex:48}» x'],
  ignores: ['rubygems_your_key_goes_here_xxxxxxxxxxxx'],
};
