import { isPlaceholder } from '../../check/placeholder.ts';
import { entropy } from '../../check/random.ts';
import { VALUE } from '../../form/value.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Cookies that frameworks keep the session in. */
const OWN =
  /(?:^|[\s;"'`])(?:JSESSIONID|PHPSESSID|ASP\.NET_SessionId|ASPSESSIONID[A-Z]{8}|\.AspNetCore\.[\w.]{4,30}|connect\.sid|laravel_session|(?:__Secure-|__Host-)?(?:next-auth|authjs)\.session-token|wordpress_logged_in_\w{4,40}|ci_session|CAKEPHP)=(?:s%|s:)?$/;
/** Others are one where the header says that they are a cookie. */
const IN_HEADER =
  /(?:cookie["']?\s{0,2}:|\s-b|--cookie)\s{0,2}[^\n]{0,60}?(?:^|[\s;"'])(?:__Secure-|__Host-)?[\w.-]{0,16}(?:session(?:_?id)?|sess|sid|auth|auth_?token|access_?token|remember_token)=$/i;

/** Bits per sign; a digest of 16 hexadecimal digits may have less. */
const LEAST = 2.7;

/** The value of a session's cookie: whoever has it is the user. */
export const sessionCookie: Recogniser = {
  type: 'secret.session_cookie',
  name: 'Cookie of a session',
  exceptable: false,
  forms: [
    {
      find: VALUE,
      score: 0.9,
      accepts: (match, before) =>
        (OWN.test(before) || IN_HEADER.test(before)) &&
        /\d/.test(match) &&
        entropy(match) >= LEAST &&
        !isPlaceholder(match),
    },
  ],
  source: 'RFC 6265; the frameworks that set them',
  since: '0.5.0',
  finds: [
    'Set-Cookie: JSESSIONID=«{HEX:32}»; Path=/; HttpOnly',
    'Cookie: theme=dark; sessionid=«{base36:32}»',
    "curl -b 'connect.sid=s%«3A{base62:32}»' https://acme.example",
  ],
  ignores: [
    'Cookie: theme=dark; consent={base62:32}',
    'session_id={base36:32} took 4 ms',
    'JSESSIONID=your-session-goes-here2',
  ],
};
