import { luhn } from '../../check/luhn.ts';
import { standing } from '../../form/number.ts';
import type { Recogniser } from '../../recogniser.ts';

/** First digits and lengths that issuers use (ISO/IEC 7812-1 and the networks' published ranges). */
const ISSUED: readonly RegExp[] = [
  /^1\d{14}$/, // UATP
  /^220[0-4]\d{12,15}$/, // Mir
  /^(?:2131|1800)\d{11}$/, // JCB, older
  /^4(?:\d{12}|\d{15}|\d{18})$/, // Visa
  /^(?:5[1-5]\d\d|222[1-9]|22[3-9]\d|2[3-6]\d\d|27[01]\d|2720)\d{12}$/, // Mastercard
  /^3[47]\d{13}$/, // American Express
  /^3(?:0[0-5]|095|[689]\d)\d{11,16}$/, // Diners Club
  /^35(?:2[89]|[3-8]\d)\d{12,15}$/, // JCB
  /^6(?:011|4[4-9]\d|5\d\d)\d{12,15}$/, // Discover
  /^62\d{14,17}$/, // UnionPay
  /^(?:5[06-8]|6\d)\d{11,17}$/, // Maestro, RuPay, Elo, Verve
  /^(?:8600|5614|9860|9792|9051|9112|9704|8[12]\d\d)\d{12}$/, // Uzcard, Humo, Troy, ArCa, Belkart, Napas, RuPay
];

const isIssued = (digits: string): boolean => ISSUED.some((range) => range.test(digits));

/** A dot stands in numbers of all kinds; between the groups of a card it separates a card's. */
const DOTTED = /^(?:\d{4}\.\d{4}\.\d{4}\.\d{4}|\d{4}\.\d{6}\.\d{4,5})$/;

/**
 * How the digits are written: in fours with a shorter end, or 4-6-4 and 4-6-5 as Diners Club and American Express do.
 */
const IN_FOURS = '(?:[ \\-.]?\\d{4}){2}(?:[ \\-.]?\\d{1,4}){1,2}';
const IN_SIX = '[ \\-.]?\\d{6}[ \\-.]?\\d{4,5}';

/** The groups of an IBAN can hold a number that passes. */
const IN_IBAN = /(?<![A-Za-z0-9])[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4})* ?$/;

const KEY_WORDS: readonly string[] = [
  ...[
    'card',
    'card number',
    'pan',
    'cc',
    'credit card',
    'debit card',
    'visa',
    'mastercard',
    'maestro',
    'karte',
    'kreditkarte',
  ],
  ...['carte', 'tarjeta', 'cartão', 'carta', 'карта', 'карты', 'カード番号', '卡号', '카드', 'بطاقة'],
];

/** Between groups that a line break, an address or a page has pulled apart. */
const PARTED = '(?: |-|\\+|%20|&nbsp;|[ \\-]?\\r?\\n[ >\\t]{0,4})';

const isPlainCard = (match: string): boolean => luhn(match) && isIssued(match.replaceAll(/\D/g, ''));

/**
 * Payment card numbers (ISO/IEC 7812): 13 to 19 digits, together or in the groups that cards show, in a range that
 * issuers use and with a right check digit. The validator sees every start of every end, so a number is found behind
 * other digits as well (`12 4111 1111 1111 1111`). Digits glued to a word or a hyphen are an identifier. Folded: digits
 * and hyphens of any script count.
 */
export const card: Recogniser = {
  type: 'pii.card',
  name: 'Payment card number',
  fold: true,
  forms: [
    {
      find: new RegExp(`(?<![A-Za-z0-9_\\-])[1-9]\\d{3}(?:${IN_FOURS}|${IN_SIX})(?![A-Za-z0-9_])`),
      score: 1,
      validate(match) {
        // First, because it is cheap and refuses nine in ten.
        if (!luhn(match)) return false;
        const plain = match.replace(/[^\d.]/g, '');
        if (plain.includes('.') && !DOTTED.test(plain)) return false;
        // Other lengths without groups are identifiers of 64 bits and times more often.
        return (/\D/.test(match) || match.length === 15 || match.length === 16) && isIssued(plain.replaceAll('.', ''));
      },
      accepts: (_, before) => !IN_IBAN.test(before),
    },
    {
      find: standing('\\d{13,14}|\\d{17,19}'),
      score: 0.9,
      validate: (match) => luhn(match) && isIssued(match),
      near: KEY_WORDS,
    },
    {
      find: new RegExp(`(?<![A-Za-z0-9_\\-])[1-9]\\d{3}(?:${PARTED}\\d{4}){3}(?![A-Za-z0-9_])`),
      score: 0.8,
      validate: (match) => isPlainCard(match.replaceAll(/%20|&nbsp;/g, '')),
      near: KEY_WORDS,
    },
    {
      find: /(?<![A-Za-z0-9_-])[1-9](?:[ .-]\d){12,18}(?![A-Za-z0-9_])/,
      score: 0.8,
      validate: isPlainCard,
      near: KEY_WORDS,
    },
  ],
  source: 'ISO/IEC 7812-1, Luhn check in its annex B; ranges published by the networks',
  since: '0.1.0',
  finds: [
    'card «4111 1111 1111 1111» exp',
    'Card «2200 7049 3815 2643» (Mir)',
    'Amex «3744.981206.37156» on file',
    '«378282246310005»',
    'behind other digits 12 «4111 1111 1111 1111» 55',
    'Visa «4222222222222»',
    'in disguise «4111-１111-1111-١١١١».',
    'my card is «4111 1111\n1111 1111»',
    'card=«4111%201111%201111%201111»&x=1',
    'card number: «4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1».',
  ],
  ignores: [
    '4111 1111 1111 1112 fails the check digit',
    'Segment seg_-6224846139501728368 was moved',
    'a longer run: 41111111111111110000000',
    '4.000000000000006 is a number',
    'message 6224846139501728368 in channel 4',
    'RS35 2600 0560 1001 6113 70',
    '4111 1111\n1111 1111',
    'draw 4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1',
  ],
  limits:
    'groups that a line break parts, and digits written one by one (`4 1 1 1 ...`), need a key word; one arbitrary number in ten passes the check digit',
};
