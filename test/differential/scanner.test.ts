import { describe, expect, it } from 'vitest';
import { type CompileOptions, compilePatterns } from '../../packages/core/src/scanner/compile.ts';
import { PatternError } from '../../packages/core/src/scanner/pattern-error.ts';
import type { PatternSet, Scan } from '../../packages/core/src/scanner/types.ts';
import { standardFolding } from '../../packages/core/src/scanner/unicode/unicode.ts';
import type { Pattern } from '../../packages/core/src/contract/detector.ts';
import { spansOf } from '../reference/spans.ts';
import { TextModel, type ReferencePattern } from '../reference/text-model.ts';
import {
  below,
  CODE_POINTS,
  type Dialect,
  FAR,
  FAR_CODE_POINTS,
  FOLDED,
  HALVES,
  pick,
  type Random,
  randomChunks,
  randomExpression,
  randomExpressions,
  randomText,
  seeded,
  UNITS,
  UNITS_WITHOUT_EDGES,
} from './scanner-cases.ts';

/** Cases per property; raise it for a long run. */
const CASES = Number(process.env['SCANNER_CASES'] ?? 100);
const SEED = Number(process.env['SCANNER_SEED'] ?? 1);

interface Match {
  readonly pattern: number;
  readonly start: number;
  readonly end: number;
}

const fold = (codePoint: number): string | undefined => {
  const read = standardFolding().read(codePoint);
  return read === undefined ? undefined : String.fromCharCode(...read);
};

/** Caches from hopelessly small to ample, streams that soon or never go on without one, one automaton or two. */
function cacheOf(random: Random): CompileOptions {
  const keepApart = pick(random, [[], [], [0], [1]]);
  return { maxStates: pick(random, [2, 3, 20, 2000]), patience: pick(random, [1, 3, 2000]), prewarm: false, keepApart };
}

/** Patterns and a set of them, unless one of them is refused (nullable, hopeless, unbounded). */
async function randomSet(
  random: Random,
  dialect: Dialect,
  folded: boolean,
): Promise<{ patterns: Pattern[]; set: PatternSet } | undefined> {
  const patterns = randomExpressions(random, dialect, 1 + below(random, 4)).map((find, index): Pattern => {
    return { type: `t${index}`, find, fold: folded && below(random, 4) > 0 };
  });
  try {
    return { patterns, set: await compilePatterns(patterns, cacheOf(random)) };
  } catch (error) {
    if (error instanceof PatternError) return undefined;
    throw error;
  }
}

function scan(set: PatternSet, chunks: readonly string[]): Match[] {
  const matches: Match[] = [];
  const stream = set.open((pattern, start, end) => void matches.push({ pattern, start, end }));
  for (const chunk of chunks) expect(stream.write(chunk)).toBe(chunk.length);
  stream.end();
  expect(stream.hold).toBe(stream.position);
  return matches;
}

/** The leftmost start of every pattern and end, sorted. */
function leftmost(matches: readonly Match[]): string[] {
  const starts = new Map<string, number>();
  for (const { pattern, start, end } of matches) {
    const key = `${pattern}:${end}`;
    starts.set(key, Math.min(start, starts.get(key) ?? Number.POSITIVE_INFINITY));
  }
  return [...starts].map(([key, start]) => `${key}<${start}`).toSorted();
}

function expected(patterns: readonly Pattern[], text: string): Match[] {
  return patterns.flatMap(({ find }, pattern) => spansOf(find as RegExp, text).map((span) => ({ pattern, ...span })));
}

async function forCases(
  dialect: Dialect,
  folded: boolean,
  test: (random: Random, patterns: Pattern[], set: PatternSet, text: string, label: string) => void,
): Promise<number> {
  let ran = 0;
  for (let index = 0; index < CASES; index++) {
    const seed = SEED * 1_000_003 + index;
    const random = seeded(seed);
    const made = await randomSet(random, dialect, folded);
    if (made === undefined) continue;
    const text = randomText(random, dialect, 11);
    const label = `seed ${seed}: ${made.patterns.map(({ find, fold }) => `${String(find as RegExp)}${fold === true ? ' folded' : ''}`).join(' , ')} on ${JSON.stringify(text)}`;
    test(random, made.patterns, made.set, text, label);
    ran++;
  }
  return ran;
}

const PLAIN = { units: UNITS, 'code points': CODE_POINTS, 'halves of pairs': HALVES };

describe('the scanner against RegExp', () => {
  const dialects = { ...PLAIN, 'written out': FAR, 'written out, code points': FAR_CODE_POINTS };
  for (const [name, dialect] of Object.entries(dialects)) {
    it(`finds every end with its leftmost start, however the text is cut (${name})`, async () => {
      const ran = await forCases(dialect, false, (random, patterns, set, text, label) => {
        const wanted = leftmost(expected(patterns, text));
        const whole = scan(set, [text]);
        expect(leftmost(whole), label).toEqual(wanted);
        for (const longest of [1, 4]) expect(scan(set, randomChunks(random, text, longest)), label).toEqual(whole);
      });
      expect(ran).toBeGreaterThan(CASES / 6);
    });
  }
});

describe('the scanner against the reference', () => {
  for (const [name, dialect] of Object.entries({ ...PLAIN, units: UNITS_WITHOUT_EDGES, 'folded text': FOLDED })) {
    const folded = dialect === FOLDED;
    it(`G5: holds exactly what could still be part of a match, after every unit (${name})`, async () => {
      const ran = await forCases(dialect, folded, (random, patterns, set, text, label) => {
        const model = new TextModel(
          patterns.map((pattern) => pattern as unknown as ReferencePattern),
          fold,
        );
        const matches: Match[] = [];
        const stream = set.open((pattern, start, end) => void matches.push({ pattern, start, end }));
        for (const [index, unit] of text.split('').entries()) {
          stream.write(unit);
          model.write(unit);
          const where = `${label} after ${index + 1}`;
          expect(frontier(stream.hold, matches, index + 1), where).toBe(frontier(model.hold, model.spans, index + 1));
          expect(leftmost(matches), where).toEqual(leftmost(model.spans));
        }
        stream.end();
        model.end();
        expect(leftmost(matches), label).toEqual(leftmost(model.spans));
        expect(leftmost(scan(set, randomChunks(random, text, 4))), label).toEqual(leftmost(matches));
      });
      expect(ran).toBeGreaterThan(CASES / 4);
    });
  }
});

/** Refuses about two candidates in three, by their text alone. */
function pickyAbout(pattern: number): (match: string) => boolean {
  return (match) => {
    let hash = pattern + 1;
    for (let i = 0; i < match.length; i++) hash = Math.imul(hash, 31) + match.charCodeAt(i);
    return (hash >>> 3) % 3 === 0;
  };
}

function foldAll(text: string): string {
  return Array.from(text, (character) => fold(character.codePointAt(0)!) ?? character).join('');
}

/** What a search for the leftmost longest candidates finds, one after the other without overlap. */
function leftmostLongest(spans: readonly Match[]): Match[] {
  const found: Match[] = [];
  let from = 0;
  for (;;) {
    const rest = spans.filter(({ start }) => start >= from);
    if (rest.length === 0) return found;
    const start = Math.min(...rest.map((span) => span.start));
    const longest = rest.filter((span) => span.start === start).reduce((a, b) => (a.end > b.end ? a : b));
    found.push(longest);
    from = longest.end;
  }
}

describe('validators', () => {
  for (const [name, dialect] of Object.entries({ ...PLAIN, 'folded text': FOLDED })) {
    it(`see every start of every end, or the leftmost longest candidates (${name})`, async () => {
      let ran = 0;
      for (let index = 0; index < CASES; index++) {
        const seed = SEED * 1_000_003 + index;
        const random = seeded(seed);
        const patterns = Array.from({ length: 1 + below(random, 2) }, (_, pattern): Pattern => {
          const base = { type: 't', find: randomExpression(random, dialect), fold: dialect === FOLDED };
          if (below(random, 4) === 0) return base;
          return {
            ...base,
            validate: pickyAbout(pattern),
            candidates: below(random, 2) === 0 ? 'all' : 'leftmost-longest',
          };
        });
        let set: PatternSet;
        try {
          set = await compilePatterns(patterns, cacheOf(random));
        } catch (error) {
          if (error instanceof PatternError) continue;
          throw error;
        }
        const text = randomText(random, dialect, 14);
        const label = `seed ${seed}: ${patterns.map(({ find, candidates }) => `${String(find as RegExp)} ${candidates}`).join(' , ')} on ${JSON.stringify(text)}`;
        const wanted = patterns.flatMap(({ find, validate, candidates }, pattern): Match[] => {
          const spans = (dialect === FOLDED ? foldedSpans(find as RegExp, text) : spansOf(find as RegExp, text)).map(
            (span) => ({ pattern, ...span }),
          );
          if (validate === undefined) return spans;
          const tried = candidates === 'all' ? spans : leftmostLongest(spans);
          return tried.filter(({ start, end }) =>
            validate(dialect === FOLDED ? foldAll(text.slice(start, end)) : text.slice(start, end)),
          );
        });
        const whole = scan(set, [text]);
        expect(leftmost(whole), label).toEqual(leftmost(wanted));
        for (const longest of [1, 5]) expect(scan(set, randomChunks(random, text, longest)), label).toEqual(whole);
        ran++;
      }
      expect(ran).toBeGreaterThan(CASES / 6);
    });
  }
});

/**
 * Spans of the folded text, carried back to the text: a match covers whole characters, and no invisible one at its
 * edges.
 */
function foldedSpans(find: RegExp, text: string): { start: number; end: number }[] {
  const starts: number[] = [];
  const ends: number[] = [];
  let folded = '';
  let at = 0;
  for (const character of text) {
    const read = fold(character.codePointAt(0)!);
    for (let i = 0; i < (read ?? character).length; i++) {
      starts.push(read === undefined ? at + i : at);
      ends.push(read === undefined ? at + i + 1 : at + character.length);
    }
    folded += read ?? character;
    at += character.length;
  }
  return spansOf(find, folded).map(({ start, end }) => ({ start: starts[start]!, end: ends[end - 1]! }));
}

describe('stops, forks and giving up', () => {
  it('stops after the unit that completes the match, with everything that unit completes reported', async () => {
    for (const dialect of [UNITS, CODE_POINTS, HALVES, FOLDED]) {
      await forCases(dialect, dialect === FOLDED, (random, _patterns, set, text, label) => {
        const stopAt = below(random, 4);
        const run = (chunks: readonly string[]): unknown[] => {
          const seen: unknown[] = [];
          const stream = set.open((...match) => seen.push(match.join()) > stopAt);
          let held = 0;
          for (const chunk of chunks) {
            held = stream.hold;
            const used = stream.write(chunk);
            if (used < chunk.length) expect(stream.stopped, label).toBe(true);
            if (stream.stopped) {
              if (chunk.length === 1) expect(stream.hold, label).toBe(held);
              break;
            }
          }
          const { stopped, position, hold } = stream;
          if (stopped) expect(stream.write('a'), label).toBe(0);
          return [...seen, stopped, stopped ? [position, hold] : []];
        };
        const single = run(text.split(''));
        expect(run([text]), label).toEqual(single);
        expect(run(randomChunks(random, text, 4)), label).toEqual(single);
      });
    }
  });

  it('G7: finds and holds the same however little work is done at a time', async () => {
    for (const dialect of [UNITS, CODE_POINTS, HALVES, FOLDED]) {
      await forCases(dialect, dialect === FOLDED, (random, _patterns, set, text, label) => {
        const stopAt = below(random, 12);
        const run = (feed: (stream: Scan, chunk: string) => void): unknown[] => {
          const seen: unknown[] = [];
          const stream = set.open((...match) => seen.push(match.join()) > stopAt);
          for (const chunk of [text.slice(0, 5), text.slice(5)]) {
            feed(stream, chunk);
            seen.push(stream.position, stream.hold, stream.stopped);
          }
          stream.end();
          return [...seen, stream.stopped];
        };
        const whole = run((stream, chunk) => stream.write(chunk));
        const budget = pick(random, [0, 1, 100, 400]);
        const sliced = run((stream, chunk) => {
          for (let at = 0; at < chunk.length && !stream.stopped;) {
            const before = stream.position;
            at = stream.writeSome(chunk, at, budget);
            // A fork may go on with another text.
            if (at % 4 === 1) stream.fork(() => true).write('ab');
            expect(stream.position, label).toBeGreaterThanOrEqual(before);
          }
        });
        expect(sliced, label).toEqual(whole);
      });
    }
  });

  it('a fork goes on alone, from where it was made', async () => {
    for (const dialect of [UNITS, HALVES, FOLDED]) {
      await forCases(dialect, dialect === FOLDED, (random, _patterns, set, text, label) => {
        const other = randomText(random, dialect, 8);
        const cut = below(random, text.length);
        const [a, b]: [string[], string[]] = [[], []];
        const stream = set.open((...match) => void a.push(match.slice(0, 3).join()));
        stream.write(text.slice(0, cut));
        const before = [...a];
        const fork = stream.fork((...match) => void b.push(match.slice(0, 3).join()));
        for (const unit of other) fork.write(unit);
        stream.write(text.slice(cut));
        stream.end();
        fork.end();
        const alone = (whole: string): string[] =>
          scan(set, [whole]).map(({ pattern, start, end }) => `${pattern},${start},${end}`);
        expect(a, label).toEqual(alone(text));
        expect([...before, ...b], label).toEqual(alone(text.slice(0, cut) + other));
      });
    }
  });

  it('G2: after giving up text, what completes later still covers everything from there on', async () => {
    await forCases(UNITS, false, (random, patterns, set, text, label) => {
      const at = 1 + below(random, text.length);
      const from = below(random, at + 1);
      const matches: Match[] = [];
      const stream = set.open((pattern, start, end) => void matches.push({ pattern, start, end }));
      stream.write(text.slice(0, at));
      const early = matches.length;
      stream.dropBefore(from);
      expect(stream.hold, label).toBeGreaterThanOrEqual(from);
      stream.write(text.slice(at));
      stream.end();
      const wanted = expected(patterns, text);
      for (const { start } of matches.slice(early)) expect(start, label).toBeGreaterThanOrEqual(from);
      const covered = (spans: readonly Match[]): string =>
        text
          .replaceAll(/[^]/g, (_, place: number) => (spans.some((s) => s.start <= place && place < s.end) ? '#' : '.'))
          .slice(from);
      expect(covered(matches), label).toBe(covered(wanted));
    });
  });
});

/** The first unit that must wait: text that is part of a match for certain does not. */
function frontier(hold: number, decided: readonly Match[], position: number): number {
  let at = hold;
  while (at < position && decided.some(({ start, end }) => start <= at && at < end)) at++;
  return at;
}
