import type { Recogniser } from '../recogniser.ts';

/**
 * JSON web tokens in compact form (RFC 7519, RFC 7515): base64url header and payload, each beginning with `{"`, and the
 * signature as far as there is one. Reported from the payload's eighth unit on. A header is at most 1,024 units: base64 that
 * merely begins like one is not held for longer.
 */
export const jwt: Recogniser = {
  type: 'secret.jwt',
  version: '1',
  find: /(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{8,1024}\.eyJ[A-Za-z0-9_-]{5,}(?:\.[A-Za-z0-9_-]*)?/,
  exceptable: false,
};
