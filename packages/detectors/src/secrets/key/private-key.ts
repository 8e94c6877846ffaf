import type { Recogniser } from '../../recogniser.ts';

/**
 * Private keys in PEM (OpenSSH and PGP armour alike). The header line alone is a match: a stream is stopped, or masked,
 * from there on. Everything behind it belongs to the key until its END line or two hyphens in a row, so that neither
 * headers inside the armour nor a key cut short let its body through.
 */
export const privateKey: Recogniser = {
  type: 'secret.private_key',
  name: 'Private key in PEM',
  exceptable: false,
  forms: [
    {
      find: /-----BEGIN (?:[A-Z0-9]{1,16} ){0,3}PRIVATE KEY(?: BLOCK)?-----(?:-?[^-])*(?:-----END (?:[A-Z0-9]{1,16} ){0,3}PRIVATE KEY(?: BLOCK)?-----)?/,
      score: 1,
    },
    {
      // PuTTY's own file: the lines of the private half, in base64.
      find: /Private-Lines: \d{1,3}(?:\r?\n[A-Za-z0-9+/=]{64})*(?:\r?\n[A-Za-z0-9+/]{1,63}={0,2}(?![A-Za-z0-9+/=-]))?/,
      score: 1,
    },
  ],
  source: 'RFC 7468; OpenSSH and PGP armour; PuTTY, appendix C of its manual',
  since: '0.1.0',
  finds: ['«-----BEGIN PRIVATE KEY-----»', '«Private-Lines: 1\n{base62:64}»\nPrivate-MAC: {hex:64}'],
  ignores: ['-----BEGIN PUBLIC KEY-----', 'Public-Lines: 1\n{base62:64}'],
};
