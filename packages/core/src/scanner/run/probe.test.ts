import { describe, expect, it } from 'vitest';
import type { Pattern } from '../../contract/detector.ts';
import { compilePatterns } from '../compile.ts';

const setOf = (...patterns: readonly (RegExp | Omit<Pattern, 'type'>)[]) =>
  compilePatterns(
    patterns.map((one, index): Pattern => ({ type: `t${index}`, ...(one instanceof RegExp ? { find: one } : one) })),
  );

describe('probe', () => {
  it('says whether a pattern matches a text from its first unit to its last, as an anchored RegExp does', async () => {
    const expressions = [/\d+/, /a(?:b|bc)?/, /\bcat\b/, /(?<!x)y{2,3}(?!z)/, /^k$/];
    const set = await setOf(...expressions);
    const texts = [
      '12',
      '12a',
      'a12',
      'abc',
      'ab',
      'a',
      'b',
      'cat',
      ' cat',
      'cats',
      'yy',
      'yyyy',
      'xyy',
      'k',
      'kk',
      '',
    ];
    for (const text of [...texts, ...texts.toReversed()]) {
      const wanted = expressions.some(({ source }) => new RegExp(`^(?:${source})$`).test(text));
      expect(set.probe(text), JSON.stringify(text)).toBe(wanted);
    }
  });

  it('reads long texts no further than a match of the whole is possible', async () => {
    const set = await setOf(/x[a-z]+/);
    expect(set.probe(`x${'a'.repeat(5000)}`)).toBe(true);
    expect(set.probe(`x${'a'.repeat(5000)}1`)).toBe(false);
    expect(set.probe(`x${'a'.repeat(600)}1${'a'.repeat(5000)}`)).toBe(false);
  });

  it('asks validators, and forgets one text before the next', async () => {
    const even = { find: /\d{1,8}/, validate: (match: string) => Number(match) % 2 === 0 };
    const first = await setOf(even);
    const longest = await setOf({ ...even, candidates: 'leftmost-longest' });
    for (const set of [first, longest]) {
      expect(['12', '13', '1', '2', '123456789', '12 '].map((text) => set.probe(text))).toEqual([
        true,
        false,
        false,
        true,
        false,
        false,
      ]);
    }
  });

  it('reads folded text, halves of pairs and patterns in automata of their own', async () => {
    const set = await setOf({ find: { phrase: 'secret' } }, /😀+/u, /[A-Z\d]{20,40}/, /[a-f\d]{32,64}/);
    expect(set.probe('ｓｅ\u200bcrеt')).toBe(true);
    expect(set.probe('😀😀')).toBe(true);
    expect(set.probe('😀\ud83d')).toBe(false);
    expect(set.probe('A1'.repeat(15))).toBe(true);
    expect(set.probe('A1'.repeat(21))).toBe(false);
    expect(set.probe('a1'.repeat(20))).toBe(true);
  });

  it('may be asked by a validator of the same set', async () => {
    const asked: boolean[] = [];
    const set = await setOf(/\d{2}/, {
      find: /[a-z]\d{2}/,
      validate: (text) => asked.push(set.probe(text.slice(1))) > 0,
    });
    expect(set.probe('a12')).toBe(true);
    expect(set.probe('a1')).toBe(false);
    expect(asked).toEqual([true]);
  });

  it('is false for a set without patterns, whatever is asked', async () => {
    expect((await setOf()).probe('anything')).toBe(false);
  });
});
