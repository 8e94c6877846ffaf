import { isPlaceholder } from '../../check/placeholder.ts';
import type { Recogniser } from '../../recogniser.ts';

/** X (Twitter) bearer token. */
export const xBearer: Recogniser = {
  type: 'secret.x_bearer',
  name: 'X (Twitter) bearer token',
  forms: [
    {
      find: { heads: ['AAAAAAAAAAAAAAAAAAAAA'], whole: /A{21}[A-Za-z0-9_%-]{60,120}/ },
      score: 1,
      // Its head is one sign over and over; behind it something must vary.
      validate: (match) => !isPlaceholder(match.replace(/^A+/, '')),
    },
  ],
  source: 'X Developer Platform, documentation; facts also in the default rules of gitleaks (MIT)',
  since: '0.3.0',
  finds: ['bearer «AAAAAAAAAAAAAAAAAAAAA{base62:80}»'],
  ignores: ['AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'],
};
