import type { Recogniser } from '../../recogniser.ts';

/**
 * AWS access key ids: a four-letter prefix for the kind of principal and 16 capitals or digits. Only prefixes of
 * credentials: long-term, temporary, bearer and context keys.
 */
export const awsAccessKey: Recogniser = {
  type: 'secret.aws_access_key',
  name: 'AWS access key id',
  exceptable: true,
  forms: [{ find: /(?<![A-Za-z0-9])(?:AKIA|ASIA|ABIA|ACCA|A3T[A-Z0-9])[A-Z0-9]{16}(?![A-Za-z0-9])/, score: 1 }],
  source: 'AWS IAM user guide, unique identifiers',
  since: '0.1.0',
  finds: ['key «AKIA{base32:16}» secret'],
  ignores: ['AKIA is a prefix', 'XAKIAIOSFODNN7ABCDEFG is longer'],
  limits: 'the keys that the documentation of AWS shows, which end in `EXAMPLE`, count as well',
};
