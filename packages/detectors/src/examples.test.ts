import { expect, it } from 'vitest';
import { expandExample } from './examples.ts';

it('marks say where a match is', () => {
  expect(expandExample('a «bc» d')).toEqual({ text: 'a bc d', start: 2, end: 4 });
});

it('random signs are always the same, and of their alphabet', () => {
  const { text } = expandExample('{hex:32}');
  expect(text).toMatch(/^[0-9a-f]{32}$/);
  expect(expandExample('{hex:32}').text).toBe(text);
  expect(expandExample('{uuid}').text).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  expect(() => expandExample('{hexx:3}')).toThrow('hexx');
});
