import { describe, expect, it } from 'vitest';
import type { Pattern } from '../contract/detector.ts';
import type { PatternSet } from '../scanner/types.ts';
import { compileWithContext } from './compile-with-context.ts';
import { digitRunOf } from './digit-run.ts';

const run = (body: string): RegExp => new RegExp(`(?<![A-Za-z0-9_])${body}(?![A-Za-z0-9_])`);

describe('a run of digits', () => {
  it.each([
    ['(?:\\d{11})', 11, 11, true],
    ['\\d\\d\\d', 3, 3, true],
    ['\\d{6,20}', 6, 20, true],
    ['(?:[1-6]\\d{10})', 11, 11, false],
    ['(?:(?:19|20)\\d{2}|\\d{6}[089]?)', 4, 7, false],
  ])('is %s', (body, least, most, isAny) => {
    expect(digitRunOf(run(body))).toMatchObject({ least, most, isAny });
  });

  it.each(['\\d+', '\\d{3,}', '\\d{3}-\\d', '[A-Z]\\d{3}', '\\d?', '(\\d)', '[^1]\\d', '\\d{2}|x', '\\d{2}\\b'])(
    'is not %s',
    (body) => {
      expect(digitRunOf(run(body))).toBeUndefined();
    },
  );

  it('has around it what keeps it from beginning inside another', () => {
    expect(digitRunOf(/(?<![A-Z])\d{3}(?![A-Za-z0-9_])/)).toBeUndefined();
    expect(digitRunOf(/\d{3}(?!\w)/)).toBeUndefined();
    expect(digitRunOf(/(?<!\w)\d{3}(?!\w)/)?.around).toBe('(?<!\\w)(?!\\w)');
  });
});

const ASKED: readonly string[] = ['\\d{2,6}', '[1-3]\\d{3}', '(?:4\\d{2}|51\\d{3})', '\\d{4}', '\\d{3,4}', '0\\d{7}'];

const patterns = (fold: boolean): Pattern[] =>
  ASKED.map((body, index): Pattern => ({
    type: body,
    find: run(body),
    fold,
    context: {
      before: 4,
      after: 3,
      // Some count at once, some depending on what follows.
      accepts: (match, before, after) =>
        before.includes('n')
          ? after === undefined
            ? undefined
            : !after.includes('!')
          : match.length % 3 !== index % 3,
    },
  }));

/** By pattern, what was found, and what was held after every piece. */
function scanned(
  set: PatternSet,
  text: string,
  cut: number,
  givenUp: number = Number.POSITIVE_INFINITY,
): { readonly found: string[]; readonly holds: number[] } {
  const found: string[] = [];
  const holds: number[] = [];
  const scan = set.open((pattern, start, end, seen) => void found.push([pattern, start, end, seen].join()));
  for (let at = 0; at < text.length; at += cut) {
    scan.write(text.slice(at, at + cut));
    if (scan.position >= givenUp && at < givenUp) scan.dropBefore(givenUp);
    holds.push(scan.hold);
  }
  scan.end();
  return { found: found.toSorted(), holds };
}

describe('kinds of numbers that are found in one run', () => {
  it.each([false, true])('are what each finds alone, and held for as long (folded: %s)', async (fold) => {
    const together = await compileWithContext(patterns(fold));
    const alone = await Promise.all(patterns(fold).map((pattern) => compileWithContext([pattern])));
    const characters = ['1', '4', '5', '0', '２', '\u200b', ' ', 'n', '!', '_', '-'];
    let matches = 0;
    for (let seed = 1, round = 0; round < 1500; round++) {
      let text = '';
      for (let at = 0; at < 30; at++) {
        seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
        text += characters[(seed >>> 16) % (round % 2 === 0 ? 4 : characters.length)]!;
        if (round % 2 === 0 && (seed >>> 9) % 5 === 0) text += 'n '.charAt(seed & 1);
      }
      const cut = 1 + (round % 5);
      const own = alone.map((set) => scanned(set, text, cut));
      const all = scanned(together, text, cut);
      expect(all.found, text).toEqual(
        own.flatMap(({ found }, index) => found.map((one) => one.replace(/^0/, String(index)))).toSorted(),
      );
      expect(all.holds, text).toEqual(all.holds.map((_, at) => Math.min(...own.map(({ holds }) => holds[at]!))));
      matches += all.found.length;
    }
    expect(matches).toBeGreaterThan(500);
  });

  it.each([false, true])('are that also where a run was given up in part (folded: %s)', async (fold) => {
    const together = await compileWithContext(patterns(fold));
    const alone = await Promise.all(patterns(fold).map((pattern) => compileWithContext([pattern])));
    const characters = ['1', '4', '5', '0', '２', '\u200b', ' ', 'n'];
    let cutShort = 0;
    for (let seed = 7, round = 0; round < 1000; round++) {
      let text = '';
      for (let at = 0; at < 20; at++) {
        seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
        text += characters[(seed >>> 16) % (round % 2 === 0 ? 4 : characters.length)]!;
        if (round % 2 === 0 && (seed >>> 9) % 5 === 0) text += ' ';
      }
      const cut = 1 + (round % 3);
      const givenUp = 1 + (seed % (text.length - 1));
      const own = alone.map((set) => scanned(set, text, cut, givenUp));
      const all = scanned(together, text, cut, givenUp);
      expect(all.found, `${text} given up to ${givenUp}`).toEqual(
        own.flatMap(({ found }, index) => found.map((one) => one.replace(/^0/, String(index)))).toSorted(),
      );
      cutShort += all.found.filter((one) => one.split(',')[1] === String(givenUp)).length;
    }
    expect(cutShort).toBeGreaterThan(50);
  });
});
