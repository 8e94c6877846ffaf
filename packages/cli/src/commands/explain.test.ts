import { expect, it } from 'vitest';
import { typesInWords } from './explain.ts';

it('names types one by one while they are few, and counts those that begin alike beyond that', () => {
  const secrets = (count: number) => Array.from({ length: count }, (_, n) => `secret.key_${n}`);
  expect(typesInWords([])).toBe('nothing');
  expect(typesInWords(['codename', 'pii.email', 'pii.phone'])).toBe('codename, pii.email, pii.phone');
  expect(typesInWords(['codename', ...secrets(6)])).toBe(`codename, ${secrets(6).join(', ')}`);
  expect(typesInWords(['codename', ...secrets(7), 'zebra'])).toBe('codename, secret (7 types), zebra');
});
