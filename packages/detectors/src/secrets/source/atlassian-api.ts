import { marked } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Atlassian. */
export const atlassianApi: Recogniser = {
  type: 'secret.atlassian_api',
  name: 'Atlassian (atlassian-api)',
  forms: [marked('ATATT3[\\w=-]{170,}')],
  source: 'Atlassian; facts also in the default rules of gitleaks (MIT)',
  since: '0.2.0',
  finds: ['key «ATATT3{base62:170}» x'],
  ignores: ['ATATT3your_key_goes_here_xxxxxxxxxxxx'],
};
