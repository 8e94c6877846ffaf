import type { Recogniser } from '../../recogniser.ts';

/** Area 001 to 899 without 666; what the Social Security Administration has never assigned does not match. */
const AREA = '(?:00[1-9]|0[1-9]\\d|[1-57-8]\\d\\d|6[0-57-9]\\d|66[0-57-9])';
const GROUP = '(?:0[1-9]|[1-9]\\d)';
const SERIAL = '(?:000[1-9]|00[1-9]\\d|0[1-9]\\d\\d|[1-9]\\d{3})';

const written = (separator: string): string => `${AREA}${separator}${GROUP}${separator}${SERIAL}`;

const KEY_WORDS = ['ssn', 'social security', 'soc sec', 'social sec', 'taxpayer', 'tin'];

/**
 * United States social security numbers in their three groups (3-2-4), separated by the same hyphen, space or dot; nine
 * digits without separators with a key word. Numbers of the same shape inside a longer one (`978-316-48-4100-5`) are
 * another number.
 */
export const ssn: Recogniser = {
  type: 'pii.ssn',
  name: 'Social security number (United States)',
  fold: true,
  forms: [
    {
      find: new RegExp(`(?<![\\w\\-])(?:${[' ', '\\.', '-'].map(written).join('|')})(?![\\w\\-])`),
      score: 1,
      // Numbers of a row that spaces part have the shape now and then.
      accepts: (match, before) => !(match.includes(' ') && /\d[ \t]{1,4}$/.test(before)),
    },
    { find: new RegExp(`(?<!\\w)${AREA}${GROUP}${SERIAL}(?!\\w)`), score: 0.9, near: KEY_WORDS },
  ],
  source: '20 CFR 422.103; SSN randomization, 2011',
  since: '0.1.0',
  finds: ['SSN: «123-45-6789».', 'My SSN is «536221234».'],
  ignores: [
    '30 81 600 61 5071',
    'ISBN 978-316-48-4100-5, second printing',
    '000-12-3456 666-12-3456 900-12-3456',
    'order 536221234',
  ],
};
