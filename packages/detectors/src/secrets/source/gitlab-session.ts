import { marked } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** GitLab. */
export const gitlabSession: Recogniser = {
  type: 'secret.gitlab_session',
  name: 'GitLab (gitlab-session)',
  forms: [marked('_gitlab_session=[a-f0-9]{32}')],
  source: 'GitLab; facts also in the default rules of gitleaks (MIT)',
  since: '0.2.0',
  finds: ['key «_gitlab_session={hex:32}» x'],
  ignores: ['_gitlab_sessionyour_key_goes_here_xxxxxxxxxxxx'],
};
