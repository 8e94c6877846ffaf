import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** GitLab. */
export const gitlabRunnerOld: Recogniser = {
  type: 'secret.gitlab_runner_old',
  name: 'GitLab (gitlab-runner-old)',
  forms: [issued(['GR1348941'], /GR1348941[\w-]{20}/)],
  source: 'GitLab; facts also in the default rules of gitleaks (MIT)',
  since: '0.2.0',
  finds: ['key «GR1348941{base62:20}» x'],
  ignores: ['GR1348941your_key_goes_here_xxxxxxxxxxxx'],
};
