import { describe, expect, it } from 'vitest';
import type { Pattern } from '../../packages/core/src/contract/detector.ts';
import { compilePatterns } from '../../packages/core/src/scanner/compile.ts';
import { EVIL, patternSet, patternsOf } from '../bench/scan-patterns.ts';
import { phrases, seeded, vocabulary } from '../bench/scan-corpus.ts';

/**
 * Work, not time: what the scanner counts itself, one for each unit that is looked up and more for what it computes.
 */
async function workOn(patterns: readonly Pattern[], text: string, chunk: number): Promise<number> {
  const scan = (await compilePatterns(patterns)).open(() => undefined);
  const before = scan.work;
  for (let i = 0; i < text.length; i += chunk) scan.write(text.slice(i, i + chunk));
  scan.end();
  return scan.work - before;
}

const random = seeded(11);
const KB = 1024;
const scattered =
  (alphabet: string) =>
  (length: number): string =>
    Array.from({ length }, () => alphabet[Math.floor(random() * alphabet.length)]).join('');

const HOSTILE: Readonly<Record<string, (length: number) => string>> = {
  'a.': (length) => 'a.'.repeat(length / 2),
  a: (length) => 'a'.repeat(length),
  'digits with separators': (length) => '12 34-56.78 '.repeat(Math.ceil(length / 12)).slice(0, length),
  'ignore ': (length) => 'ignore '.repeat(Math.ceil(length / 7)).slice(0, length),
  'scattered digits and separators': scattered('0123456789 -.()+'),
  'scattered capitals and digits': scattered('ABCXYZ0123456789 '),
  'a and b': scattered('ab'),
  'invisible characters': (length) => '1\u200b'.repeat(length / 2),
};

const SCATTERED: ReadonlySet<string> = new Set(Object.keys(HOSTILE).filter((name) => /scattered|a and b/.test(name)));

const picky = (match: string): boolean => match.length % 10 === 0;
const SETS: Readonly<Record<string, Pattern[]>> = {
  'a hundred patterns': patternSet(100, phrases(random, vocabulary(random, 2000), 50)).patterns,
  'a hundred patterns with an evil set': [
    ...patternSet(100, phrases(random, vocabulary(random, 2000), 50)).patterns,
    ...patternsOf(EVIL),
  ],
  'validators without a boundary': [
    { type: 'card', find: /\d(?:[ -]?\d){12,18}/, validate: picky },
    { type: 'folded', find: /\d{8,12}/, fold: true, validate: picky },
    { type: 'longest', find: /\d(?:[ -]?\d){12,18}/, validate: picky, candidates: 'leftmost-longest' },
  ],
};

describe('G7: work is linear in the text, whatever the text and however it is cut', () => {
  for (const [set, patterns] of Object.entries(SETS)) {
    for (const [name, text] of Object.entries(HOSTILE)) {
      if (set.includes('evil') && !SCATTERED.has(name) && name !== 'a') continue;
      it(`${set} on ${name}`, async () => {
        // A megabyte takes seconds where every unit is simulated; a quarter of it has the same slope.
        const full = process.env['SCANNER_WORK'] === 'full' ? KB * KB : 256 * KB;
        const short = (await workOn(patterns, text(8 * KB), 1000)) / (8 * KB);
        const long = (await workOn(patterns, text(full), 1000)) / full;
        expect(long, `${short.toFixed(1)} per unit on 8 K, ${long.toFixed(1)} on ${full / KB} K`).toBeLessThan(
          short * 2 + 2,
        );
        const finer = (await workOn(patterns, text(8 * KB), 1)) / (8 * KB);
        expect(finer).toBeLessThan(short * 2 + 2);
      });
    }
  }
});
