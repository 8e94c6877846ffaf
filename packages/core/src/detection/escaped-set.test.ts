import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import type { Pattern } from '../contract/detector.ts';
import type { MatchSink, PatternSet, Scan } from '../scanner/types.ts';
import { compileWithContext } from './compile-with-context.ts';
import { EscapedSet } from './escaped-set.ts';
import { escapeAt, EscapePlaces } from './escapes.ts';

/** None of them is found within what stands behind the backslash of an escape. */
const PATTERNS: readonly Pattern[] = [
  { type: 'key', find: /\bAK[AU]\b/v },
  { type: 'mail', find: /[an]+@[an]+/v },
  { type: 'phrase', find: { phrase: 'a n' } },
  { type: 'quoted', find: /"[^"\\]{1,4}"/v },
  { type: 'line', find: /^n+$/mv },
  {
    type: 'near',
    find: /@{1,2}/v,
    context: {
      ...{ before: 4, after: 3 },
      accepts: (_match, before, after) =>
        before.includes('K') || (after === undefined ? undefined : after.includes('n')),
    },
  },
];
const plain = await compileWithContext(PATTERNS);
const set = new EscapedSet(plain);

interface Told {
  readonly pattern: number;
  readonly start: number;
  readonly end: number;
  readonly seen: number;
}

interface Course {
  readonly told: readonly Told[];
  /** What was held, by position. */
  readonly held: ReadonlyMap<number, number>;
  readonly consumed: number;
  readonly last: number;
}

/** Reads a text in pieces; `stopAt`: the pattern that stops. */
function course(of: PatternSet, pieces: readonly string[], stopAt?: number): Course {
  const told: Told[] = [];
  const held = new Map<number, number>();
  const sink: MatchSink = (pattern, start, end, seen) => {
    told.push({ pattern, start, end, seen });
    return pattern === stopAt;
  };
  const scan = of.open(sink);
  let consumed = 0;
  let { work } = scan;
  held.set(0, 0);
  for (const piece of pieces) {
    let at = 0;
    while (at < piece.length && !scan.stopped) at = scan.writeSome(piece, at, 40);
    expect(scan.work).toBeGreaterThanOrEqual(work);
    ({ work } = scan);
    consumed += at;
    if (scan.stopped) break;
    expect(scan.position).toBe(consumed);
    held.set(consumed, scan.hold);
  }
  const isWhole = !scan.stopped;
  scan.end();
  expect(scan.stopped).toBe(told.some(({ pattern }) => pattern === stopAt));
  // What was held before the unit that stopped it; the end counts as one.
  if (scan.stopped && pieces.every((piece) => piece.length === 1))
    expect(scan.hold).toBe(held.get(isWhole ? consumed : consumed - 1));
  return { told, held, consumed, last: scan.hold };
}

function cut(text: string, sizes: readonly number[]): string[] {
  const pieces: string[] = [];
  for (let at = 0, next = 0; at < text.length; next++) {
    const size = sizes[next % sizes.length]!;
    pieces.push(text.slice(at, at + size));
    at += size;
  }
  return pieces;
}

/** A text that is decoded once, without an escape that has only begun at its end. */
function decode(text: string): { readonly text: string; readonly places: EscapePlaces; readonly begunAt?: number } {
  const places = new EscapePlaces();
  let decoded = '';
  for (let at = 0; at < text.length;) {
    const escape = text[at] === '\\' ? escapeAt(text, at) : undefined;
    if (escape === 'begun') return { text: decoded, places, begunAt: at };
    const { meant, end } = escape ?? { meant: text[at]!, end: at + 1 };
    if (escape !== undefined) places.add(at, end, decoded.length, decoded.length + meant.length);
    decoded += meant;
    at = end;
  }
  return { text: decoded, places };
}

/** What must be held behind a text, by reading all of it anew in each of its ways. */
function holdOf(text: string, levels = 3): number {
  const scan = plain.open(() => undefined);
  scan.write(text);
  const { hold } = scan;
  const { text: decoded, places, begunAt = text.length } = decode(text);
  if (levels === 0 || (places.size === 0 && begunAt === text.length)) return hold;
  const there = holdOf(decoded, levels - 1);
  return places.startOf(Math.min(hold, begunAt, there < decoded.length ? places.unitOf(there)[0] : text.length));
}

const units = fc.constantFrom(
  'a',
  'n',
  'A',
  'K',
  'U',
  '@',
  ' ',
  '"',
  '\\',
  '\\n',
  '\\"',
  '\\\\',
  'u',
  '0',
  '4',
  '1',
  '{',
  '}',
);
const whole = fc.constantFrom(
  '\\u0041',
  '\\u{6e}',
  '\\x41',
  '\\U0000006e',
  '\\ud83d',
  'AKA',
  'a@n',
  'a n',
  '\\\\\\\\n',
  '\\\\u0041',
);
const texts = fc.array(fc.oneof(units, units, whole), { maxLength: 40 }).map((parts) => parts.join(''));
const sizes = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 6 });

/** Which units of a text a pattern covers. */
function covered(spans: readonly Pick<Told, 'pattern' | 'start' | 'end'>[]): readonly string[] {
  const all = new Set<string>();
  for (const { pattern, start, end } of spans) for (let at = start; at < end; at++) all.add(`${pattern}:${at}`);
  return [...all].sort();
}

describe('a set that reads escapes', () => {
  it('G1: tells and holds the same however the text is cut, stopped or not', () => {
    fc.assert(
      fc.property(texts, sizes, fc.option(fc.integer({ min: 0, max: 5 }), { nil: undefined }), (text, some, stopAt) => {
        const one = course(
          set,
          [...text].flatMap((character) => character.split('')),
          stopAt,
        );
        const other = course(set, cut(text, some), stopAt);
        expect(other.told).toEqual(one.told);
        expect([other.consumed, other.last]).toEqual([one.consumed, one.last]);
        for (const [position, hold] of other.held) expect([position, hold]).toEqual([position, one.held.get(position)]);
      }),
      { numRuns: 2000 },
    );
  });

  it('G2: nothing of a match leaves before the match is told', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const { told, held } = course(set, text.split(''));
        for (const { start, seen } of told)
          for (const [position, hold] of held)
            if (position < seen) expect(hold).toBeLessThanOrEqual(Math.max(start, 0) < position ? start : position);
      }),
      { numRuns: 2000 },
    );
  });

  it('G5: holds what reading all of it anew would hold, and no more', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const { held } = course(set, text.split(''));
        for (const [position, hold] of held)
          expect([position, hold]).toEqual([position, holdOf(text.slice(0, position))]);
      }),
      { numRuns: 1000 },
    );
  });

  it('finds in a stream what it finds in the complete text', () => {
    fc.assert(
      fc.property(texts, sizes, fc.integer({ min: 1, max: 500 }), (text, some, budget) => {
        const found: Omit<Told, 'seen'>[] = [];
        const scan = set.openTexts((pattern, start, end) => void found.push({ pattern, start, end }));
        while (!scan.read(text, budget));
        expect(covered(course(set, cut(text, some)).told)).toEqual(covered(found));
      }),
      { numRuns: 2000 },
    );
  });

  it('a copy goes on as the original would, and neither knows of the other', () => {
    fc.assert(
      fc.property(texts, texts, texts, (before, one, other) => {
        const told: [Told[], Told[]] = [[], []];
        const sink =
          (to: Told[]): MatchSink =>
          (pattern, start, end, seen) =>
            void to.push({ pattern, start, end, seen });
        const scan: Scan = set.open(sink(told[0]));
        scan.write(before);
        const copy = scan.fork(sink(told[1]));
        const known = told[0].length;
        copy.write(other);
        scan.write(one);
        copy.end();
        scan.end();
        expect(told[0]).toEqual(course(set, [before, one]).told);
        expect([...told[0].slice(0, known), ...told[1]]).toEqual(course(set, [before, other]).told);
      }),
      { numRuns: 1000 },
    );
  });

  it('what is given up is held no more, and a match that began there begins where it ends', () => {
    fc.assert(
      fc.property(texts, texts, fc.nat(40), (before, after, back) => {
        const told: Told[] = [];
        const scan = set.open((pattern, start, end, seen) => void told.push({ pattern, start, end, seen }));
        scan.write(before);
        const known = told.length;
        const position = Math.max(scan.hold, before.length - back);
        scan.dropBefore(position);
        expect(scan.hold).toBeGreaterThanOrEqual(position);
        scan.write(after);
        scan.end();
        for (const { start } of told.slice(known)) expect(start).toBeGreaterThanOrEqual(position);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('a long text', () => {
  const long = fc
    .tuple(texts, fc.constantFrom('\\n', 'n\\t ', '\\\\', '\\u0020AK'), fc.integer({ min: 70, max: 90 }), texts)
    .map(([before, filler, times, after]) => `${before} ${filler.repeat(times)} ${after}`);

  it('of many escapes is read as in one piece, held and copied', () => {
    fc.assert(
      fc.property(long, sizes, texts, (text, some, more) => {
        const one = course(set, text.split(''));
        expect(course(set, cut(text, some)).told).toEqual(one.told);
        for (const [position, hold] of one.held)
          if (position > text.length - 8) expect([position, hold]).toEqual([position, holdOf(text.slice(0, position))]);
        const told: Told[] = [];
        const scan = set.open(() => undefined);
        scan.write(text);
        const copy = scan.fork((pattern, start, end, seen) => void told.push({ pattern, start, end, seen }));
        copy.write(more);
        copy.end();
        expect(course(set, [text, more]).told.slice(-told.length || Infinity)).toEqual(told);
      }),
      { numRuns: 60 },
    );
  });

  it('G7: is read in stretches, streamed or not', () => {
    const text = '\\\\\\n'.repeat(4000);
    const stream = set.open(() => undefined);
    let stretches = 0;
    for (let at = 0; at < text.length; stretches++) at = stream.writeSome(text, at, 2000);
    expect(stretches).toBeGreaterThan(50);
    const whole = set.openTexts(() => undefined);
    for (stretches = 0; !whole.read(text, 2000);) stretches++;
    expect(stretches).toBeGreaterThan(30);
  });
});

test('what an escape stands for may end the one before it, and that is decoded again', () => {
  const text = 'x A\\u\\u003004bA y';
  for (const pieces of [[text], text.split('')])
    expect(course(set, pieces).told.map(({ start, end }) => text.slice(start, end))).toEqual(['A\\u\\u003004bA']);
});

test('a text without an escape is read as by the plain set', () => {
  fc.assert(
    fc.property(texts, sizes, (text, some) => {
      const pieces = cut(text.replaceAll('\\', '/'), some);
      expect(course(set, pieces)).toEqual(course(plain, pieces));
    }),
  );
});

test('long runs between escapes are read at once, and what is found in them is told once and in order', () => {
  const text = `\\n${'x'.repeat(200)} a@n ${'y'.repeat(100)}\\t${'z'.repeat(50)}AKA`;
  const { told } = course(set, [text]);
  expect(told).toEqual(course(set, text.split('')).told);
  expect(told.map(({ start, end }) => text.slice(start, end))).toContain('a@n');
});
