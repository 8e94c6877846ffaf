import { describe, expect, it } from 'vitest';
import { fromDialect, type ForeignPattern } from '../../packages/core/src/dialects/from-dialect.ts';
import { compilePatterns } from '../../packages/core/src/scanner/compile.ts';
import { spansOf } from '../reference/spans.ts';
import { below, pick, type Random, randomChunks, seeded } from './scanner-cases.ts';

/**
 * Rules of the shapes that public rule sets have, many in one set, against `RegExp` over every span of the text. The
 * rules share beginnings and gaps, so this sees what random patterns seldom do: a key word, what may stand between, and
 * a run.
 */
const RULES: readonly ForeignPattern[] = [
  {
    pattern:
      '(?i)[\\w.-]{0,9}?(?:key)(?:[ \\t\\w.-]{0,8})[\\s\'"]{0,3}(?:=|>|:{1,3}=|:)[\\x60\'"\\s=]{0,5}([a-z0-9]{4})(?:[\\x60\'"\\s;]|\\\\[nr]|$)',
    dialect: 're2',
  },
  {
    pattern:
      '(?i)[\\w.-]{0,9}?(?:token|tok)(?:[ \\t\\w.-]{0,8})[\\s\'"]{0,3}(?:=|:)[\\s=]{0,5}([a-f0-9]{3,6})(?:[;\\s]|$)',
    dialect: 're2',
  },
  { pattern: '(?i:key|tok)(?:.|[\\n\\r]){0,10}?\\b([a-z0-9]{4})\\b', dialect: 're2' },
  { pattern: '(?i:tok|pw)(?:.|[\\n\\r]){0,10}?\\b([0-9]{3})\\b', dialect: 're2' },
  { pattern: '\\b((?:ab|cd)_[[:alnum:]]{3}(?i)k)\\b', dialect: 're2' },
  { pattern: '\\b(?!00)\\d{2}(A|B)\\d{2}\\b', dialect: 'python' },
  { pattern: '\\b[A-Z]{2}(?!000)\\d{3}\\b', flags: 'i', dialect: 'python' },
  { pattern: '\\b[0-9a-f]{2}([:-])(?:[0-9a-f]{2}\\1){1,2}[0-9a-f]{2}\\b', dialect: 'python' },
  { pattern: '(?<![\\w.])(?P<q>["\'`])key(?P=q)\\s*:', dialect: 'python' },
  { pattern: '(?>key|ke)y?\\h*+=\\h*+\\d++', dialect: 'pcre' },
  { pattern: '(?x) pw \\s* [=:] \\s* \\Q.*\\E ', dialect: 'pcre' },
  { pattern: '(?<!\\p{L})(?:ab|cd)_[A-Za-z0-9]{2,4}(?![A-Za-z0-9_-])', flags: 'u' },
  { pattern: '(["\'])?key\\1\\s?[:=]' },
];

const WORDS = [
  'key', 'KEY', 'token', 'tok', 'pw', 'ab_', 'cd_', 'x1k', '=', ':', ' ', ' ', '\n', '"', "'", '`', '-', '.', '.*', '00', '12A34', 'ab123', 'AB000', 'ab:cd:12', 'é', '٣', '\u{1f600}', 'beef', '7', ';', '\\n', '_',
]; // oxfmt-ignore

/** What the rules look for: among the words, and cut into by them. */
const LINES = [' token = beef; ', ' pw: 123 ', ' ab_x1yk ', '"key" : ', ' key =7', 'pw=.*', " tok='abcd1'"];

const textOf = (random: Random): string =>
  Array.from({ length: 6 + below(random, 10) }, () => pick(random, below(random, 6) === 0 ? LINES : WORDS)).join('');

describe('rules of the shapes that people publish', () => {
  it('report every end with its leftmost start, many in one set, however the text is cut', async () => {
    const finds = RULES.map(fromDialect);
    const set = await compilePatterns(
      finds.map((find, n) => ({ type: `t${n}`, find })),
      { prewarm: false },
    );
    const seen = new Set<number>();
    for (let seed = 1; seed <= 150; seed++) {
      const random = seeded(seed);
      const text = textOf(random);
      const starts = new Map<string, number>();
      const scan = set.open((pattern, start, end) => {
        const key = `${pattern}:${end}`;
        starts.set(key, Math.min(start, starts.get(key) ?? Infinity));
      });
      for (const chunk of randomChunks(random, text, 9)) scan.write(chunk);
      scan.end();
      const wanted = new Map<string, number>();
      for (const [pattern, find] of finds.entries()) {
        for (const { start, end } of spansOf(find, text)) {
          seen.add(pattern);
          const key = `${pattern}:${end}`;
          wanted.set(key, Math.min(start, wanted.get(key) ?? Infinity));
        }
      }
      expect(starts, `seed ${seed}: ${JSON.stringify(text)}`).toEqual(wanted);
    }
    // A rule that never matches would prove nothing.
    expect(RULES.filter((_, n) => !seen.has(n))).toEqual([]);
  });
});
