import { luhn } from '../../check/luhn.ts';
import type { Recogniser } from '../../recogniser.ts';

/** First digits and lengths that issuers use (ISO/IEC 7812-1 and the networks' published ranges). */
const ISSUED: readonly RegExp[] = [
  /^1\d{14}$/, // UATP
  /^4(?:\d{12}|\d{15}|\d{18})$/, // Visa
  /^(?:5[1-5]\d\d|222[1-9]|22[3-9]\d|2[3-6]\d\d|27[01]\d|2720)\d{12}$/, // Mastercard
  /^3[47]\d{13}$/, // American Express
  /^3(?:0[0-5]|095|[689]\d)\d{11,16}$/, // Diners Club
  /^35(?:2[89]|[3-8]\d)\d{12,15}$/, // JCB
  /^6(?:011|4[4-9]\d|5\d\d)\d{12,15}$/, // Discover
  /^62\d{14,17}$/, // UnionPay
  /^(?:5[06-8]|6\d)\d{11,17}$/, // Maestro
];

/** A dot stands in numbers of all kinds; between groups of four it separates a card's. */
const DOTTED = /^\d{4}\.\d{4}\.\d{4}\.\d{4}$/;

/** How the digits are written: in fours with a shorter end, or 4-6-4 and 4-6-5 as Diners Club and American Express do. */
const IN_FOURS = '(?:[ \\-.]?\\d{4}){2}(?:[ \\-.]?\\d{1,4}){1,2}';
const IN_SIX = '[ \\-.]?\\d{6}[ \\-.]?\\d{4,5}';

/**
 * Payment card numbers (ISO/IEC 7812): 13 to 19 digits, together or in the groups that cards show, in a range that issuers use and
 * with a right check digit. The validator sees every start of every end, so a number is found behind other digits as well
 * (`12 4111 1111 1111 1111`). Folded: digits and hyphens of any script count.
 */
export const card: Recogniser = {
  type: 'pii.card',
  name: 'Payment card number',
  fold: true,
  forms: [
    {
      find: new RegExp(`(?<!\\d)[1-6]\\d{3}(?:${IN_FOURS}|${IN_SIX})(?!\\d)`),
      score: 1,
      validate(match) {
        // First, because it is cheap and refuses nine in ten.
        if (!luhn(match)) return false;
        const plain = match.replace(/[^\d.]/g, '');
        if (plain.includes('.') && !DOTTED.test(plain)) return false;
        const digits = plain.replaceAll('.', '');
        return ISSUED.some((range) => range.test(digits));
      },
    },
  ],
  source: 'ISO/IEC 7812-1; Luhn check in its annex B',
  since: '0.1.0',
  finds: ['card «4111 1111 1111 1111» exp'],
  ignores: ['4111 1111 1111 1112 fails the check digit'],
};
