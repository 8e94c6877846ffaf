import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lettersOf, plainWords, watched } from './key-letters.ts';
import { KeyWordsIn, KeyWordWatch } from './key-word-watch.ts';

const WORDS = ['a', 'ph', 'tax id', 'taxid', 'id', 'ač', 'çedula', 'axi', '税', '税号', '한국', 'aaaa', 'οδος'];
const LISTS = [WORDS.slice(0, 3), WORDS.slice(3, 7), WORDS.slice(5, 9), WORDS.slice(8), ['a', 'id']].map((list) =>
  list.map((word) => lettersOf(plainWords(word))),
);
const watch = new KeyWordWatch(LISTS);

const near = (words: KeyWordsIn, text: string, from: number, to: number): readonly number[] => {
  const found = words.near(text, from, to);
  return LISTS.flatMap((_, list) => (found?.has(list) === true ? [list] : []));
};

/** Whose letters a search of the stretch by itself finds. */
const searched = (text: string, from: number, to: number): readonly number[] => {
  const letters = watched(lettersOf(plainWords(text.slice(from, to))));
  return LISTS.flatMap((list, number) => (list.some((word) => letters.includes(watched(word))) ? [number] : []));
};

const PIECES = [
  'a',
  'x',
  't',
  'i',
  'd',
  'p',
  'h',
  'A',
  'T',
  'Ax',
  'ID',
  ' ',
  '-',
  '_',
  '.',
  '1',
  'é',
  'č',
  'ç',
  'edul',
];
const MORE = ['\u030C', 'ﬁ', 'ａ', 'ｘ', '税', '号', '한', '국', '𝐚', '😀', '\u200B', 'İ', 'ﷺ', 'οδο', 'σ', 'the 12 '];
const textOf = fc
  .array(fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...PIECES) }, fc.constantFrom(...MORE)), { maxLength: 400 })
  .map((pieces) => pieces.join(''));
const stretches = fc.array(fc.tuple(fc.nat(2000), fc.nat(30), fc.nat(400)), { minLength: 1, maxLength: 60 });

describe('a watch for key words', () => {
  it('finds in any stretch, in any order, what a search of that stretch finds', () => {
    fc.assert(
      fc.property(textOf, stretches, (text, asked) => {
        const words = new KeyWordsIn(watch);
        let at = 0;
        for (const [, length, ahead] of asked) {
          // Mostly onwards, as candidates come, and sometimes far back or far on.
          const from = Math.min(text.length, ahead > 390 ? 0 : Math.max(0, at - 20));
          const to = Math.min(text.length, from + length);
          at = (at + (ahead % 40) + (ahead > 350 ? 300 : 0)) % (text.length + 1);
          expect(near(words, text, from, to), `${from} to ${to} of ${text}`).toEqual(searched(text, from, to));
        }
      }),
      { numRuns: 200 },
    );
  });

  it('forgets what is far back, and finds it by itself', () => {
    const text = `tax id ${'a id '.repeat(5000)}taxid`;
    const last = [text.length - 20, text.length] as const;
    expect(near(new KeyWordsIn(watch), text, ...last)).toEqual(searched(text, ...last));
    // From the beginning on, so that more is found than is kept.
    const words = new KeyWordsIn(watch);
    for (let at = 0; at < text.length; at += 7) near(words, text, at, at + 20);
    for (const at of [0, 3, 200, 12_000, text.length - 12])
      expect(near(words, text, at, at + 12), `${at}`).toEqual(searched(text, at, at + 12));
  });

  it('reads a character whose first half was all that there was', () => {
    const words = new KeyWordsIn(watch);
    const text = 't𝐚xid';
    expect(near(words, text, 0, 2)).toEqual(searched(text, 0, 2));
    expect(near(words, text, 0, text.length)).toEqual(searched(text, 0, text.length));
    expect(searched(text, 0, text.length)).toContain(0);
  });

  it('knows a sigma at the end of a word for one inside it', () => {
    expect(near(new KeyWordsIn(watch), 'Η ΟΔΟΣ ', 0, 7)).toContain(3);
  });

  it('answers about two stretches at a time', () => {
    const text = 'ph 12 taxid 12 ph 12';
    const words = new KeyWordsIn(watch);
    const before = words.near(text, 0, 3);
    const behind = words.near(text, 6, 12);
    expect([before?.has(0), before?.has(1), behind?.has(1)]).toEqual([true, false, true]);
    // One of the two is asked about again, and then a third.
    expect(words.near(text, 0, 3)).toBe(before);
    words.near(text, 15, 18);
    expect([before?.has(0), before?.has(1)]).toEqual([true, false]);
  });
});
