import { isPlaceholder } from '../../check/placeholder.ts';
import { marked } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** HashiCorp Vault. */
export const vaultService: Recogniser = {
  type: 'secret.vault_service',
  name: 'HashiCorp Vault (vault-service)',
  forms: [
    marked('hvs\\.[\\w-]{90,120}'),
    // As before version 1.10.
    {
      ...marked('s\\.[A-Za-z0-9]{24}'),
      score: 0.8,
      near: ['vault', 'token'],
      accepts: (match) => /\d/.test(match) && !isPlaceholder(match),
    },
  ],
  source: 'HashiCorp Vault; facts also in the default rules of gitleaks (MIT)',
  since: '0.2.0',
  finds: ['key «hvs.{base62:90}» x', 'VAULT_TOKEN=«s.{base62:24}»'],
  ignores: ['s.toLocaleUpperCaseAndMore of a token', 'hvsyour_key_goes_here_xxxxxxxxxxxx'],
};
