import { isChosenPlaceholder, isPlaceholder } from '../../check/placeholder.ts';
import { looksRandom } from '../../check/random.ts';
import { assignmentBefore } from '../../form/assignment.ts';
import { VALUE } from '../../form/value.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Words in the name of a variable or field that holds a secret. */
const HOLDS_SECRET =
  /\b(?:api ?key|apikey|access ?key|secret ?key|private ?key|auth ?key|secret|token|password|passwd|pwd|passphrase|credentials?|client ?secret|signing ?key|encryption ?key|master ?key|key)\b/;

/** Names that hold something else. */
const HOLDS_OTHER =
  /\b(?:public|primary|foreign|cache|partition|sort|object|translation|i18n|row|map|lock|idempotency|csrf|page|next|cursor|continuation|max|min|count|type|url|uri|path|file|name|id|hash|sha\d*|md5|checksum|digest|integrity|etag|audience|issuer|version|length)\b/;

/** What a value says about where the secret is, instead of being one. */
const REFERENCE =
  /^(?:process\.env|os\.environ|secrets?\.|vault:|op:|arn:|projects\/|https?:|file:|\/|\.\/|sha\d{3}-|data:)|::|^[A-Za-z]\w*(?:\.[A-Za-z_]\w*)+$|\.(?:js|ts|py|json|ya?ml|pem|key|txt|html?)$/i;

/** Data is keyed by these as well. */
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * Values that look random behind a name that says they are secret, whoever issued them. Less precise than the formats
 * of issuers, and on request for that reason: `use: secrets/generic`.
 */
export const assignment: Recogniser = {
  type: 'secret.generic',
  name: 'Random value that its field calls a secret',
  exceptable: false,
  forms: [
    {
      find: VALUE,
      score: 0.6,
      accepts(match, before) {
        const assigned = assignmentBefore(before);
        if (assigned === undefined || !HOLDS_SECRET.test(assigned.name) || HOLDS_OTHER.test(assigned.name))
          return false;
        if (UUID.test(match) && /^\s?key$/.test(assigned.name.trim())) return false;
        return looksRandom(match) && !REFERENCE.test(match) && !isPlaceholder(match) && !isChosenPlaceholder(match);
      },
    },
  ],
  source: 'no issuer: entropy by length and alphabet, see check/random.ts',
  since: '0.2.0',
  finds: ['client_secret = "«{base62:32}»"', 'Acme-Api-Key: «{hex:40}»', 'getenv("API_TOKEN", "«{uuid}»")'],
  ignores: [
    'password = process.env.ACME_PASSWORD_2',
    'token: getUserAuthenticationToken2',
    'commit = {hex:40}',
    'public_key: {base62:40}',
    "{ key: '{uuid}', value: 'Americas' }",
    'secret_length = X25519.secret_length2',
    'secret: ops_eyJzaWduSW5B2x9Q..',
  ],
};
