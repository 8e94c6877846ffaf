import { isPlaceholder } from '../../check/placeholder.ts';
import type { Recogniser } from '../../recogniser.ts';

/** The shared secret of one-time passwords, in the address that a QR code holds. */
export const otpauth: Recogniser = {
  type: 'secret.otpauth',
  name: 'Secret of one-time passwords',
  exceptable: false,
  forms: [
    {
      find: /(?<==)[A-Z2-7]{16,128}={0,6}(?![A-Za-z0-9=])/,
      score: 1,
      accepts: (match, before) => /otpauth:\/\/[^\s"'<>]*[?&]secret=$/.test(before) && !isPlaceholder(match),
    },
  ],
  source: 'Key Uri Format of Google Authenticator; RFC 4648 (base32), RFC 6238',
  since: '0.4.0',
  finds: ['otpauth://totp/Acme:ann?secret=«{base32:32}»&issuer=Acme'],
  ignores: ['otpauth://totp/Acme:ann?secret=EXAMPLESECRETEXAMPLE', 'secret={base32:32}'],
};
