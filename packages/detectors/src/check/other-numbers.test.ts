import { describe, expect, it } from 'vitest';
import { isBirthYear, isOtherNumber } from './other-numbers.ts';

describe('isOtherNumber', () => {
  it.each([
    ['seconds', '1764428531'],
    ['milliseconds', '1764428531123'],
    ['a date and a time', '20261129150211'],
    ['without seconds', '202611291502'],
    ['with milliseconds', '20261129150211123'],
    ['with a short year', '261129150211'],
    ['an article', '4006381333931'],
    ['a book', '9783161484100'],
  ])('%s: %s', (_, digits) => {
    expect(isOtherNumber(digits)).toBe(true);
  });

  it.each([
    ['no hour', '20261129250211'],
    ['no day', '202602301502'],
    ['a later time', '2764428531'],
    ['no article', '4006381333932'],
    ['insured in Switzerland', '7564182705632'],
  ])('not %s: %s', (_, digits) => {
    expect(isOtherNumber(digits)).toBe(false);
  });
});

it('a year of birth is no day of a month and no year of an order', () => {
  expect(['31', '32', '99', '00', '26'].map((year) => isBirthYear(`${year}0417`, 0))).toEqual([
    false,
    true,
    true,
    false,
    false,
  ]);
});
