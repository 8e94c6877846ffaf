import { marked } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** HashiCorp Vault. */
export const vaultBatch: Recogniser = {
  type: 'secret.vault_batch',
  name: 'HashiCorp Vault (vault-batch)',
  forms: [marked('hv[br]\\.[\\w-]{90,}')],
  source: 'HashiCorp Vault; facts also in the default rules of gitleaks (MIT)',
  since: '0.2.0',
  finds: ['key «hvb.{base62:90}» x'],
  ignores: ['hvbyour_key_goes_here_xxxxxxxxxxxx'],
};
