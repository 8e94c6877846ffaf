import { isIban } from '../../check/iban.ts';
import { compact } from '../../form/number.ts';
import type { Recogniser } from '../../recogniser.ts';

/**
 * International bank account numbers of 111 countries, together or in groups, in any case. Length, structure and check
 * digits decide.
 */
export const iban: Recogniser = {
  type: 'pii.iban',
  name: 'IBAN',
  fold: true,
  forms: [
    {
      find: /(?<![A-Za-z0-9])[A-Za-z]{2}\d{2}(?:(?:[ \-.]|\r?\n)?[A-Za-z0-9]){11,30}(?![A-Za-z0-9])/,
      score: 1,
      validate: (match) => isIban(compact(match)),
    },
  ],
  source: 'ISO 13616-1, SWIFT IBAN registry; ISO 7064 mod 97',
  since: '0.2.0',
  finds: [
    'Please pay into «NL59QXZB0417164300» by Friday.',
    '{"iban":"«de42100203040506070809»"}',
    'IBAN: «DE42 1002 0304 0506 0708 09»',
    'IBAN «NL59 QXZB\n0417 1643 00»',
  ],
  ignores: ['NL58QXZB0417164300', 'XX59QXZB0417164300', 'AB12 is a shelf and so are the next eleven words'],
};
