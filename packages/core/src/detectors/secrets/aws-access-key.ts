import type { Recogniser } from '../recogniser.ts';

/**
 * AWS access key ids: a four-letter prefix for the kind of principal and 16 capitals or digits (AWS IAM user guide, "Unique
 * identifiers"). Only prefixes of credentials: long-term, temporary, bearer and context keys.
 */
export const awsAccessKey: Recogniser = {
  type: 'secret.aws_access_key',
  version: '1',
  find: /(?<![A-Za-z0-9])(?:AKIA|ASIA|ABIA|ACCA|A3T[A-Z0-9])[A-Z0-9]{16}(?![A-Za-z0-9])/,
  exceptable: true,
};
