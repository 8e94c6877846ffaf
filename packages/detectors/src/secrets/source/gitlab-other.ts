import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** GitLab. */
export const gitlabOther: Recogniser = {
  type: 'secret.gitlab_other',
  name: 'GitLab (gitlab-other)',
  forms: [
    issued(
      [
        'gldt-',
        'glrt-',
        'glcbt-',
        'glptt-',
        'glft-',
        'glffct-',
        'glimt-',
        'glsoat-',
        'glagent-',
        'gloas-',
        'glwt-',
        'glrtr-',
      ],
      /gl(?:dt|rt|cbt|ptt|ft|ffct|imt|soat|agent|oas|wt|rtr)-[\w.-]{20,70}/,
    ),
  ],
  source: 'GitLab; facts also in the default rules of gitleaks (MIT)',
  since: '0.2.0',
  finds: ['key «gldt-{base62:20}» x'],
  ignores: ['gldt-your_key_goes_here_xxxxxxxxxxxx'],
};
