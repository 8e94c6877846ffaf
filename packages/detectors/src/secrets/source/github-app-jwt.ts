import type { Recogniser } from '../../recogniser.ts';

/** GitHub. */
export const githubAppJwt: Recogniser = {
  type: 'secret.github_app_jwt',
  name: 'GitHub (github-app-jwt)',
  // Its parts have no longest length, so that nobody could be asked about all of it: what has this form is one.
  forms: [
    { find: /(?<![A-Za-z0-9_])ghs_\d{3,20}_eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}/, score: 1 },
  ],
  source: 'GitHub, issued tokens',
  since: '0.2.0',
  finds: ['key «ghs_{digits:3}_eyJ{base62:10}.{base62:10}.{base62:10}» x'],
  ignores: ['ghs_your_key_goes_here_xxxxxxxxxxxx'],
};
