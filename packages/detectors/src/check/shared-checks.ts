import { at, falling, isDay, part, weighted } from './numbers.ts';

/**
 * The citizens' number of Yugoslavia (JMBG, 1976), kept by its successors: a date, a region, a serial and a check
 * modulo 11.
 */
export function isJmbg(number: string): boolean {
  const check = 11 - (weighted(number, [7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11);
  return check !== 10 && check % 11 === at(number, 12) && isDay(part(number, 2, 4), part(number, 0, 2));
}

/**
 * The same of somebody alive, for where no key word stands: the year has three digits (`983`, `004`).
 */
export const isRecentJmbg = (number: string): boolean => isJmbg(number) && /^\d{4}(?:9\d\d|0[0-3]\d)/.test(number);

/**
 * The birth number of Czechoslovakia: divisible by 11 since 1954, months of women 50 higher, of overfull days 20
 * higher.
 */
export function isBirthNumber(number: string): boolean {
  if (number.length < 10) return false;
  const month = (part(number, 2, 4) % 50) % 20;
  const exception = part(number, 0, 9) % 11 === 10 && at(number, 9) === 0;
  return isDay(month, part(number, 4, 6)) && (Number(number) % 11 === 0 || exception);
}

/** The personal code of Estonia (EVS 585) and Lithuania: a second row of weights where the first gives 10. */
export function isBalticCode(number: string): boolean {
  let check = weighted(number, [...falling(1, 9), 1]) % 11;
  if (check === 10) check = (weighted(number, [3, 4, 5, 6, 7, 8, 9, 1, 2, 3]) % 11) % 10;
  return check === at(number, 10) && isDay(part(number, 3, 5), part(number, 5, 7));
}

/** The number of the National Health Service: modulo 11, where 10 is not issued. */
export function isNhsNumber(number: string): boolean {
  const check = 11 - (weighted(number, falling(10, 2)) % 11);
  return check !== 10 && check % 11 === at(number, 9);
}
