import { marked } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** GitLab. */
export const gitlabPat: Recogniser = {
  type: 'secret.gitlab_pat',
  name: 'GitLab (gitlab-pat)',
  forms: [marked('glpat-[\\w-]{20,40}(?:\\.[0-9a-z]{2}\\.?[0-9a-z]{7,9})?')],
  source: 'GitLab; facts also in the default rules of gitleaks (MIT)',
  since: '0.2.0',
  finds: ['key «glpat-{base62:20}» x'],
  ignores: ['glpat-your_key_goes_here_xxxxxxxxxxxx'],
};
