import { marked } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** PlanetScale. */
export const planetscale: Recogniser = {
  type: 'secret.planetscale',
  name: 'PlanetScale (planetscale)',
  forms: [marked('pscale_(?:tkn|oauth|pw)_[\\w=.-]{32,64}')],
  source: 'PlanetScale; facts also in the default rules of gitleaks (MIT)',
  since: '0.2.0',
  finds: ['key «pscale_tkn_{base62:32}» x'],
  ignores: ['pscale_tkn_your_key_goes_here_xxxxxxxxxxxx'],
};
