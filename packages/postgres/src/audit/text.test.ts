import { expect, it } from 'vitest';
import { columnText } from './text.ts';

const long = (last: string): string => `${'名'.repeat(511)}${last}`;

it('ordinary names are written as they are', () => {
  for (const name of ['', 'acme', 'ada@acme.example', "'; --", 'ä'.repeat(256)]) expect(columnText(name)).toBe(name);
});

it('whatever a database has no place for is written in another way, and different names stay different', () => {
  const names = ['\0', '\uFFFE', '\uFFFE0', '\uFFFE\uFFFE', '0', 'a\0', long('a'), long('b'), columnText(long('a'))];
  const written = names.map(columnText);
  expect(new Set(written).size).toBe(names.length);
  expect(written.filter((text) => text.includes('\0'))).toEqual([]);
});

it('the longest names that there are have room beside each other in an index', () => {
  for (const name of ['\0', '\uFFFE', '名', '\u{1f600}'].map((one) => one.repeat(512)))
    expect(Buffer.byteLength(columnText(name))).toBeLessThan(1300);
});
