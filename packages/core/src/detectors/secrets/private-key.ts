import type { Recogniser } from '../recogniser.ts';

/**
 * Private keys in PEM (RFC 7468; OpenSSH and PGP armour alike). The header line alone is a match: a stream is stopped, or masked,
 * from there on. Everything behind it belongs to the key until its END line or two hyphens in a row, so that neither headers inside the
 * armour nor a key cut short let its body through.
 */
export const privateKey: Recogniser = {
  type: 'secret.private_key',
  version: '1',
  find: /-----BEGIN (?:[A-Z0-9]{1,16} ){0,3}PRIVATE KEY(?: BLOCK)?-----(?:-?[^-])*(?:-----END (?:[A-Z0-9]{1,16} ){0,3}PRIVATE KEY(?: BLOCK)?-----)?/,
  exceptable: false,
};
