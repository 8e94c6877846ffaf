import { describe, expect, it } from 'vitest';
import { compilePatterns } from '../../packages/core/src/scanner/compile.ts';
import { PatternError } from '../../packages/core/src/scanner/pattern-error.ts';
import type { PatternSet } from '../../packages/core/src/scanner/types.ts';
import { standardFolding } from '../../packages/core/src/scanner/unicode.ts';
import type { Pattern } from '../../packages/core/src/contract/detector.ts';
import { spansOf } from '../reference/spans.ts';
import { TextModel } from '../reference/text-model.ts';
import {
  below,
  CODE_POINTS,
  type Dialect,
  FOLDED,
  HALVES,
  type Random,
  randomChunks,
  randomExpression,
  randomText,
  seeded,
  UNITS,
  UNITS_WITHOUT_EDGES,
} from './scanner-cases.ts';

/** Cases per property; raise it for a long run. */
const CASES = Number(process.env['SCANNER_CASES'] ?? 250);
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

/** Patterns and a set of them, unless one of them is refused (nullable, hopeless, unbounded). */
async function randomSet(
  random: Random,
  dialect: Dialect,
  folded: boolean,
): Promise<{ patterns: Pattern[]; set: PatternSet } | undefined> {
  const patterns = Array.from({ length: 1 + below(random, 3) }, (_, index): Pattern => {
    return { type: `t${index}`, find: randomExpression(random, dialect), fold: folded && below(random, 4) > 0 };
  });
  try {
    return { patterns, set: await compilePatterns(patterns, { maxStates: below(random, 3) === 0 ? 3 : 2000 }) };
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
  for (const [name, dialect] of Object.entries(PLAIN)) {
    it(`finds every end with its leftmost start, however the text is cut (${name})`, async () => {
      const ran = await forCases(dialect, false, (random, patterns, set, text, label) => {
        const wanted = leftmost(expected(patterns, text));
        const whole = scan(set, [text]);
        expect(leftmost(whole), label).toEqual(wanted);
        for (const longest of [1, 4]) expect(scan(set, randomChunks(random, text, longest)), label).toEqual(whole);
      });
      expect(ran).toBeGreaterThan(CASES / 4);
    });
  }
});

describe('the scanner against the reference', () => {
  for (const [name, dialect] of Object.entries({ ...PLAIN, units: UNITS_WITHOUT_EDGES, 'folded text': FOLDED })) {
    const folded = dialect === FOLDED;
    it(`G5: holds exactly what could still be part of a match, after every unit (${name})`, async () => {
      const ran = await forCases(dialect, folded, (random, patterns, set, text, label) => {
        const model = new TextModel(
          patterns.map((pattern) => ({ ...pattern, find: pattern.find as RegExp })),
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

/** The first unit that must wait: text that is part of a match for certain does not. */
function frontier(hold: number, decided: readonly Match[], position: number): number {
  let at = hold;
  while (at < position && decided.some(({ start, end }) => start <= at && at < end)) at++;
  return at;
}
