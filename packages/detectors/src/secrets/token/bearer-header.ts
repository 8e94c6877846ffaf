import { isPlaceholder } from '../../check/placeholder.ts';
import { looksRandom } from '../../check/random.ts';
import type { Recogniser } from '../../recogniser.ts';

/**
 * A bearer token of unknown issuer in a header. Tokens whose issuers mark them, and JSON web tokens, have recognisers
 * of their own.
 */
export const bearerHeader: Recogniser = {
  type: 'secret.bearer_token',
  name: 'HTTP bearer token',
  exceptable: false,
  forms: [
    {
      find: /(?<![A-Za-z0-9])[Bb]earer [A-Za-z0-9_~+/.-]{16,}={0,2}(?![A-Za-z0-9_~+/=.-])/,
      score: 0.9,
      accepts: (match) => {
        const token = match.slice('Bearer '.length);
        return looksRandom(token.slice(0, 200)) && !isPlaceholder(token);
      },
    },
  ],
  source: 'RFC 6750',
  since: '0.2.0',
  finds: ['Authorization: «Bearer {base62:40}»'],
  ignores: ['Bearer authentication-required', 'Authorization: Bearer YOUR_ACCESS_TOKEN_GOES_HERE'],
};
