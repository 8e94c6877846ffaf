import type { Recogniser } from '../../recogniser.ts';

/**
 * GitHub tokens: `ghp_`, `gho_`, `ghu_`, `ghs_` or `ghr_` and at least 36 letters and digits, or `github_pat_` with its two parts. Longer
 * tokens match too: the length is not fixed.
 */
export const githubToken: Recogniser = {
  type: 'secret.github_token',
  name: 'GitHub token',
  exceptable: false,
  forms: [
    { find: /(?<![A-Za-z0-9])(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59,})/, score: 1 },
  ],
  source: 'GitHub, note on its token formats, 2021',
  since: '0.1.0',
  finds: ['token «ghp_{base62:36}» ok', '«github_pat_{base62:22}_{base62:59}»'],
  ignores: ['ghp_short'],
};
