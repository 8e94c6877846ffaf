import { marked } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** 1Password. */
export const _1passwordSa: Recogniser = {
  type: 'secret.1password_sa',
  name: '1Password (1password-sa)',
  forms: [marked('ops_eyJ[A-Za-z0-9+/_-]{250,}={0,3}')],
  source: '1Password; facts also in the default rules of gitleaks (MIT)',
  since: '0.2.0',
  finds: ['key «ops_eyJ{base62:250}» x'],
  ignores: ['ops_eyJyour_key_goes_here_xxxxxxxxxxxx'],
};
