import type { Recogniser } from '../../recogniser.ts';

/** The first signs of a body, of which no three are `x`: `ghp_xxxx...` stands where a token will. */
const VARIED = '(?:[A-WYZa-wyz0-9][A-Za-z0-9]{2}|[Xx][A-WYZa-wyz0-9][A-Za-z0-9]|[Xx]{2}[A-WYZa-wyz0-9])';

/**
 * GitHub tokens: `ghp_`, `gho_`, `ghu_`, `ghs_` or `ghr_` and at least 36 letters and digits, or `github_pat_` with its
 * two parts. Longer tokens match too: the length is not fixed.
 */
export const githubToken: Recogniser = {
  type: 'secret.github_token',
  name: 'GitHub token',
  exceptable: false,
  forms: [
    {
      find: new RegExp(
        `(?<![A-Za-z0-9])(?:gh[pousr]_${VARIED}[A-Za-z0-9]{33,}|github_pat_${VARIED}[A-Za-z0-9]{19}_[A-Za-z0-9]{59,})`,
      ),
      score: 1,
    },
  ],
  source: 'GitHub, note on its token formats, 2021',
  since: '0.1.0',
  finds: ['token «ghp_{base62:36}» ok', '«github_pat_{base62:22}_{base62:59}»', '«ghp_xx4{base62:33}»'],
  ignores: ['ghp_short', 'ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'],
};
