import type { Recogniser } from '../../recogniser.ts';

/**
 * JSON web tokens in compact form: base64url header and payload, each beginning with `{"`, and the signature as far as
 * there is one. A header is at most 1,024 units: base64 that merely begins like one is not held for longer.
 */
export const jwt: Recogniser = {
  type: 'secret.jwt',
  name: 'JSON web token',
  exceptable: false,
  forms: [{ find: /(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{8,1024}\.eyJ[A-Za-z0-9_-]{5,}(?:\.[A-Za-z0-9_-]*)?/, score: 1 }],
  source: 'RFC 7519, RFC 7515',
  since: '0.1.0',
  finds: ['Bearer «eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl»'],
  ignores: ['eyJhbGciOiJIUzI1NiJ9 alone'],
};
