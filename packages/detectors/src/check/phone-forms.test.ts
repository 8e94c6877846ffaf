import { expect, it } from 'vitest';
import { EXTENSION, PRINTED_PHONE, withoutExtension } from './phone-forms.ts';

it('knows how national numbers are printed', () => {
  const printed = new RegExp(`^(?:${PRINTED_PHONE})${EXTENSION}$`);
  const known =
    '(202) 555-0143|01 42 68 53 00|020 7946 0018|0171/4182705|612 34 56 78|347 4182705|98765 43210|079 418 27 05';
  for (const one of known.split('|')) expect(printed.test(one), one).toBe(true);
  for (const one of ['2024-11-28', '418 270 563', '10.0.26100', '4182705639'])
    expect(printed.test(one), one).toBe(false);
});

it('tells an extension from the number', () => {
  expect(withoutExtension('(202) 555-0143, ext. 7')).toBe('(202) 555-0143');
  expect(withoutExtension('+44 20 7946 0018 x204')).toBe('+44 20 7946 0018');
  expect(withoutExtension('tel:+12025550143;ext=12')).toBe('tel:+12025550143');
  expect(withoutExtension('8 (912) 345-67-89 доб. 4')).toBe('8 (912) 345-67-89');
  expect(withoutExtension('030 23125-417')).toBe('030 23125-417');
});
