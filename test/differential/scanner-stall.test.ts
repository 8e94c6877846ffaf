import { describe, expect, it } from 'vitest';
import type { Pattern } from '../../packages/core/src/contract/detector.ts';
import { compilePatterns } from '../../packages/core/src/scanner/compile.ts';
import { SLICE_WORK } from '../../packages/core/src/scanner/run/work.ts';
import { seeded } from '../bench/scan-corpus.ts';
import { EVIL, patternsOf } from '../bench/scan-patterns.ts';

/**
 * Accepted patterns of every dear shape, on text made for them. A stretch is what one `writeSome` does with the budget
 * of a slice; it may exceed the budget by what the last unit costs. Counted in work, so that the result does not depend
 * on the machine: a unit of work is ten to twenty nanoseconds (`npm run bench -- scan` gives the longest stretch in
 * milliseconds).
 */
const ONE_UNIT = 60_000;

const random = seeded(5);
const scattered = (alphabet: string, length: number): string =>
  Array.from({ length }, () => alphabet[Math.floor(random() * alphabet.length)]).join('');

const never = (): boolean => false;
const SHAPES: Readonly<Record<string, readonly [patterns: readonly Pattern[], text: string]>> = {
  'a run of thousands that may begin anywhere': [patternsOf([/[ab]{3000,5000}x/]), scattered('ab', 3000)],
  'the longest pattern there may be': [patternsOf([/[ab]{19000}/]), 'ab'.repeat(2500)],
  'counted runs of counted runs': [
    patternsOf([/(?:[ab]{1,64}c){1,40}d/, /(?:\w{1,40}-){1,40}z/]),
    scattered('abc-', 20_000),
  ],
  'sixty runs that pile up': [
    patternsOf(
      Array.from(
        { length: 60 },
        (_, i) => new RegExp(`[${'abcdefghijklmnop'[i % 16]}-z0-9]{${20 + i},${60 + i}}k${i}`),
      ),
    ),
    scattered('abcdefghijklmnopqrstuvwxyz0123456789', 8000),
  ],
  'states without end': [patternsOf(EVIL), scattered('abxABZ019 @.', 20_000)],
  'alternatives that look ahead': [
    patternsOf([/(?:\b\w{1,60}\b ?){1,60}!/, /(?:a|b(?=a)|(?<=b)a){5,300}c/]),
    scattered('ab ', 8000),
  ],
  'a validator that refuses every start of every end': [
    [{ type: 'digits', find: /\d{1,256}/, validate: never }],
    scattered('0123456789', 2000),
  ],
  'longest candidates that are refused': [
    [{ type: 'digits', find: /\d(?:[ -]?\d){3,100}/, validate: never, candidates: 'leftmost-longest' }],
    scattered('0123456789 -', 10_000),
  ],
  'patterns kept apart, in turn': [
    [...patternsOf([/[ab]{3000,5000}x/, /\b[A-Z]{3}-\d{4}\b/]), { type: 'p', find: { phrase: 'ab ba' } }],
    scattered('ab ', 2000) + scattered('ab', 2000),
  ],
  'as many candidates as a set may have': [
    patternsOf(Array.from({ length: 5 }, (_, i) => new RegExp(`[a-${'bcdef'[i]}]{19000}`))),
    'ab'.repeat(1500),
  ],
  'matches at every unit': [patternsOf([/\w/, /\w+/, /[^]/, /(?:a|b)+?/]), scattered('ab ', 20_000)],
  'folded phrases between invisible characters': [
    ['ignore previous', 'ignore all', 'previous ignore'].map((phrase): Pattern => ({ type: 'p', find: { phrase } })),
    scattered('ignoreprvus \u200b\u00adі', 20_000),
  ],
};

/** Words that stand everywhere, with matches that may reach far before or behind them. */
const WORDS: Readonly<Record<string, readonly [patterns: readonly Pattern[], text: string]>> = {
  'any number of signs before a word': [patternsOf([/\S*qz/]), 'qz'.repeat(32_768)],
  'any number of signs behind a word': [patternsOf([/qz\S*!/]), 'qz'.repeat(32_768)],
  'a word that many patterns go on from': [
    patternsOf(Array.from({ length: 60 }, (_, i) => new RegExp(`qz[a-z]*${i}!`))),
    'qz'.repeat(32_768),
  ],
  'one gap behind the other': [patternsOf([/qz\w{0,40}\W{0,40}\w{0,40}\W{0,40}=/]), scattered('qz -', 65_536)],
};

describe('G7: no stretch of a complete text is longer than a few slices', () => {
  for (const [name, [patterns, text]] of Object.entries({ ...SHAPES, ...WORDS })) {
    it(name, { timeout: 120_000 }, async () => {
      const scan = (await compilePatterns(patterns)).openTexts(() => undefined);
      let longest = 0;
      for (let isRead = false; !isRead;) {
        const before = scan.work;
        isRead = scan.read(text, SLICE_WORK);
        longest = Math.max(longest, scan.work - before);
      }
      // Words are looked for in stretches of their own: four units of text and a slice of what follows words.
      expect(longest).toBeLessThanOrEqual(4 * SLICE_WORK);
    });
  }
});

describe('G7: no stretch is longer than a slice', () => {
  for (const [name, [patterns, text]] of Object.entries(SHAPES)) {
    // Compiling the largest of them takes seconds, and many where others compile too.
    it(name, { timeout: 120_000 }, async () => {
      const scan = (await compilePatterns(patterns)).open(() => undefined);
      let longest = 0;
      for (let at = 0; at < text.length;) {
        const before = scan.work;
        const next = scan.writeSome(text, at, SLICE_WORK);
        expect(next).toBeGreaterThan(at);
        longest = Math.max(longest, scan.work - before);
        at = next;
      }
      scan.end();
      expect(scan.position).toBe(text.length);
      expect(longest).toBeLessThanOrEqual(SLICE_WORK + ONE_UNIT);
    });
  }
});

it('G7: a set that could keep more alive than a slice may cost is refused', async () => {
  const many = Array.from({ length: 6 }, (_, i) => new RegExp(`[a-${'bcdefg'[i]}]{19000}`));
  await expect(compilePatterns(patternsOf(many))).rejects.toThrow(/may begin at every character.*begin the long ones/);
});
