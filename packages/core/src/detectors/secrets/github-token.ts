import type { Recogniser } from '../recogniser.ts';

/**
 * GitHub tokens: `ghp_`, `gho_`, `ghu_`, `ghs_` or `ghr_` and at least 36 letters and digits, or `github_pat_` with its two
 * parts (GitHub, "Behind GitHub's new authentication token formats", 2021). Longer tokens match too: the length is not fixed.
 */
export const githubToken: Recogniser = {
  type: 'secret.github_token',
  version: '1',
  find: /(?<![A-Za-z0-9])(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59,})/,
  exceptable: false,
};
