import { describe, expect, it } from 'vitest';
import { HEAD, KeyWordIndex } from './key-word-index.ts';

/** Few letters, so that words overlap, contain each other and share heads. */
const LETTERS = 'abé税';

const made = (length: number, seed: number): string =>
  Array.from({ length }, (_, at) => LETTERS[(seed >> (at * 2)) & 3]!).join('');

describe('an index of key words', () => {
  it('finds what a search for each word finds', () => {
    const words = [...new Set(Array.from({ length: 60 }, (_, at) => made(HEAD + (at % 4), at * 7919)))];
    const index = new KeyWordIndex();
    const numbers = words.map((word) => index.add(word));
    for (let seed = 0; seed < 4096; seed++) {
      const text = made(seed % 15, seed * 104_729);
      const expected = words.flatMap((word, at) => (text.includes(word) ? [numbers[at]!] : []));
      expect(
        [...new Set(index.in(text))].toSorted((a, b) => a - b),
        text,
      ).toEqual(expected);
    }
  });

  it('files a word once', () => {
    const index = new KeyWordIndex();
    expect(index.add('passport')).toBe(index.add('passport'));
    expect(index.add('passnumber')).not.toBe(index.add('passport'));
    expect(index.in('no passports')).toEqual([0]);
  });
});
