import { isDay, part, weighted } from './numbers.ts';

/**
 * What else a row of digits is, where nothing says that it identifies somebody: a time or the number of an article.
 * Numbers of persons with a date in them have the same form far too often.
 */
export const isOtherNumber = (digits: string): boolean =>
  isUnixTime(digits) || isCompactTime(digits) || isArticle(digits);

/** Units of a Unix time, by its digits: seconds, milliseconds, microseconds, nanoseconds. */
const UNIX_DIGITS = new Set([10, 13, 16, 19]);

/** Of the years 2014 to 2030. */
const isUnixTime = (digits: string): boolean => UNIX_DIGITS.has(digits.length) && /^1[4-8]/.test(digits);

/** `20261129150211`, `202611291502`, `261129150211`: a date, and a time of day. */
const isCompactTime = (digits: string): boolean =>
  ([12, 14, 17].includes(digits.length) && /^(?:19[89]|20[0-4])/.test(digits) && isTime(digits.slice(4))) ||
  (digits.length === 12 && isTime(digits.slice(2)));

/** A month, a day, and a time of day. */
const isTime = (digits: string): boolean =>
  isDay(part(digits, 0, 2), part(digits, 2, 4)) && /^(?:[01]\d|2[0-3])[0-5]\d(?:[0-5]\d)?/.test(digits.slice(4));

/** The article number of shops (EAN-13), which books have as well. Nobody's begin with 756. */
const isArticle = (digits: string): boolean => digits.length === 13 && !digits.startsWith('756') && isEan(digits);

/** EAN-13: weights 1 and 3. */
export const isEan = (digits: string): boolean =>
  (10 - (weighted(digits, [1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3]) % 10)) % 10 === part(digits, 12, 13);

/**
 * The last two digits of a year of birth that is no day of a month and no year of an order: of the years 1932 to 1999,
 * where the number says that it means the last century.
 */
export const isBirthYear = (digits: string, at: number): boolean => part(digits, at, at + 2) >= 32;
