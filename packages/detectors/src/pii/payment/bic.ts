import { IBANS } from '../../check/iban-table.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Countries with banks that issue no IBAN. */
const OTHERS = new Set('US CA AU NZ JP CN HK SG IN KR TW TH MY ID PH VN ZA NG KE GH MX AR CL CO PE UY'.split(' '));

/** Bank identifier codes, with a key word: eight capitals are an English word too often (`BUSINESS`, `DOCUMENT`). */
export const bic: Recogniser = {
  type: 'pii.bic',
  name: 'Bank identifier code (BIC, SWIFT)',
  forms: [
    {
      find: /(?<![A-Za-z0-9])[A-Z]{6}[A-Z2-9][A-NP-Z0-9](?:[A-Z0-9]{3})?(?![A-Za-z0-9])/,
      score: 0.8,
      validate: (match) => match.slice(4, 6) in IBANS || OTHERS.has(match.slice(4, 6)),
      near: ['bic', 'swift', 'swift code', 'bank identifier', 'iban'],
    },
  ],
  source: 'ISO 9362',
  since: '0.2.0',
  finds: ['BIC: «QXZBNL2A»', 'SWIFT code «KESTGB2LXXX»'],
  ignores: ['BUSINESS as usual', 'SWIFT: QXZBXX2A'],
};
