import { marked } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** HashiCorp Vault. */
export const vaultService: Recogniser = {
  type: 'secret.vault_service',
  name: 'HashiCorp Vault (vault-service)',
  forms: [marked('hvs\\.[\\w-]{90,120}')],
  source: 'HashiCorp Vault; facts also in the default rules of gitleaks (MIT)',
  since: '0.2.0',
  finds: ['key «hvs.{base62:90}» x'],
  ignores: ['hvsyour_key_goes_here_xxxxxxxxxxxx'],
};
