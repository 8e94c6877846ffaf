import { isPlaceholder } from '../../check/placeholder.ts';
import { looksIssued } from '../../check/random.ts';
import { VALUE } from '../../form/value.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Fields of HTTP that carry a key, and schemes of `Authorization` other than `Basic` and `Bearer`. */
const FIELD =
  /(?:^|[\s"'`])(?:(?:proxy-)?authorization["']?\s{0,2}:\s{0,2}["']?(?:(?:api-?)?token|token token=|api-?key|key|ssws|genie-?key|splunk|sso-key|apikey-v1)?|(?:x-(?:[a-z]+-){0,3})?(?:api-?key|auth-?(?:token|key)|access-?token|api-?token)["']?\s{0,2}:|private-token["']?\s{0,2}:)\s{0,2}["']?$/i;
/** What is a header by where it stands only: `-H "Token: ..."`. */
const IN_COMMAND = /(?:-H|--header)\s{0,2}["']?(?:[\w-]{0,24}(?:token|key|secret))\s{0,2}:\s{0,2}$/i;

/**
 * A key in a header of HTTP whose issuer nothing tells. `Basic`, `Bearer` and what issuers mark have recognisers of
 * their own.
 */
export const headerToken: Recogniser = {
  type: 'secret.header_token',
  name: 'Key in a header of HTTP',
  exceptable: false,
  forms: [
    {
      find: VALUE,
      score: 0.8,
      accepts: (match, before) =>
        (FIELD.test(before) || IN_COMMAND.test(before)) && looksIssued(match) && !isPlaceholder(match),
    },
  ],
  source: 'RFC 9110, section 11.6.2; fields that interfaces of HTTP use',
  since: '0.3.0',
  finds: [
    'curl -H "Authorization: Token «{hex:40}»"',
    'curl -H "Authorization: Api-Token «{base36:32}»" https://acme.example',
    "curl --header 'Authorization:  «{uuid}»'",
    'X-Api-Key: «{base62:32}»',
    '-H "Token: «{hex:16}»"',
  ],
  ignores: [
    'Authorization: Token your-token-goes-here',
    'X-Request-Id: {uuid}',
    'Authorization: required-for-everyone',
    'ETag: "{hex:32}"',
  ],
};
