import type { Recogniser } from '../recogniser.ts';

/** Area 001 to 899 without 666; what the Social Security Administration has never assigned does not match. */
const AREA = '(?:00[1-9]|0[1-9]\\d|[1-57-8]\\d\\d|6[0-57-9]\\d|66[0-57-9])';
const GROUP = '(?:0[1-9]|[1-9]\\d)';
const SERIAL = '(?:000[1-9]|00[1-9]\\d|0[1-9]\\d\\d|[1-9]\\d{3})';

const written = (separator: string): string => `${AREA}${separator}${GROUP}${separator}${SERIAL}`;

/**
 * United States social security numbers in their three groups (3-2-4), separated by the same hyphen, space or dot. The rules on
 * areas, groups and serials are those of the Social Security Administration (20 CFR 422.103; SSN randomization, 2011).
 * Folded: digits and hyphens of any script count. Nine digits without separators could be anything and do not match.
 */
export const ssn: Recogniser = {
  type: 'pii.ssn',
  version: '1',
  find: new RegExp(`(?<!\\d)(?:${[' ', '\\.', '-'].map(written).join('|')})(?!\\d)`),
  fold: true,
  exceptable: true,
};
