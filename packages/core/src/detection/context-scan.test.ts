import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Pattern, PatternContext } from '../contract/detector.ts';
import type { PatternSet, Scan } from '../scanner/types.ts';
import { compileWithContext } from './compile-with-context.ts';

const near = (word: string): PatternContext => ({
  before: 8,
  after: 8,
  accepts: (_, before, after) => before.includes(word) || (after === undefined ? undefined : after.includes(word)),
});
const PATTERNS: readonly Pattern[] = [
  { type: 'a', find: /(?<!\d)\d{3}(?!\d)/, context: near('kay'), fold: true },
  { type: 'b', find: /(?<!\d)\d{3}(?!\d)/, context: near('bee'), fold: true },
  { type: 'c', find: /x+y/ },
  {
    type: 'd',
    find: /\d\d/,
    context: { before: 1, after: 0, accepts: (match, before) => before === '!' && match !== '00' },
  },
];
const set: PatternSet = await compileWithContext(PATTERNS);
/** The same with patterns whose matches are reported late, or by an automaton of their own. */
const MORE: readonly Pattern[] = [
  ...PATTERNS,
  { type: 'e', find: { phrase: 'bee' }, context: near('kay') },
  {
    type: 'f',
    find: /\d[\d#]{0,90}/,
    validate: (match) => match.length % 2 === 0,
    candidates: 'leftmost-longest',
    context: near('bee'),
  },
];
const several: PatternSet = await compileWithContext(MORE, { phrasesApart: 1 });
const oneLane: PatternSet = await compileWithContext(MORE);

type Match = readonly [type: string, start: number, end: number];

interface Run {
  readonly matches: readonly Match[];
  readonly holds: readonly number[];
  readonly consumed: number;
}

/** Scans a text in pieces. `stopAt`: the type whose match ends the stream. */
function run(
  text: string,
  cuts: readonly number[],
  stopAt?: string,
  open = (sink: Parameters<PatternSet['open']>[0]): Scan => set.open(sink),
): Run {
  const matches: Match[] = [];
  const scan = open((pattern, start, end) => {
    matches.push([MORE[pattern]!.type, start, end]);
    return MORE[pattern]!.type === stopAt;
  });
  const holds: number[] = [];
  let at = 0;
  for (const to of [...cuts.toSorted((a, b) => a - b), text.length]) {
    scan.write(text.slice(at, to));
    at = to;
    holds[scan.position] = scan.hold;
  }
  scan.end();
  return { matches, holds, consumed: scan.position };
}

const all = (text: string): Run =>
  run(
    text,
    Array.from(text, (_, i) => i),
  );

describe('patterns that look around', () => {
  it.each([
    ['kay 123', [['a', 4, 7]]],
    ['123 kay', [['a', 0, 3]]],
    ['123', []],
    [
      'bee 123 kay',
      [
        ['b', 4, 7],
        ['a', 4, 7],
      ],
    ],
    ['kay .......... 123', []],
    ['123 ........ kay', []],
    ['kay １２３', [['a', 4, 7]]],
    ['!12 !00 12', [['d', 1, 3]]],
    ['xxy', [['c', 0, 3]]],
  ])('%j', (text, expected) => {
    expect(run(text, []).matches).toEqual(expected);
  });

  it('hold a candidate until it is decided, and no longer', () => {
    const { holds } = all(`123 ${'.'.repeat(100)}`);
    expect(holds.slice(4, 8)).toEqual([0, 0, 0, 0]);
    expect(holds.at(-1)).toBe(104);
    expect(all('!12 ').holds.at(-1)).toBe(4);
  });

  const pieces = fc.constantFrom(
    'kay',
    'bee',
    '123',
    '45',
    '#',
    'x',
    'y',
    ' ',
    '１２３',
    '😀',
    '.'.repeat(30),
    '_'.repeat(70),
    '7'.repeat(75),
  );
  const texts = fc.array(pieces, { maxLength: 25 }).map((parts) => parts.join(''));

  it.each([
    ['together', set],
    ['together, some reported late', oneLane],
    ['in several automata', several],
  ])('find, hold and stop the same however the text is cut: %s', (_, own) => {
    const open = (sink: Parameters<PatternSet['open']>[0]): Scan => own.open(sink);
    fc.assert(
      fc.property(
        texts,
        fc.infiniteStream(fc.nat()),
        fc.constantFrom(undefined, 'a', 'b', 'c', 'd', 'e', 'f'),
        (text, cuts, stopAt) => {
          const some = [...cuts.take(4)].map((cut) => cut % (text.length + 1));
          const fine = run(
            text,
            Array.from({ length: text.length }, (__, i) => i),
            stopAt,
            open,
          );
          const coarse = run(text, some, stopAt, open);
          expect(coarse.matches).toEqual(fine.matches);
          expect(coarse.consumed).toBe(fine.consumed);
          for (const [position, hold] of coarse.holds.entries())
            if (hold !== undefined) expect(hold).toBe(fine.holds[position]);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('a fork goes on alone from where it was made', () => {
    fc.assert(
      fc.property(texts, texts, (head, tail) => {
        const whole = run(head + tail, [head.length]);
        const first = set.open(() => undefined);
        first.write(head);
        const matches: Match[] = [];
        const fork = first.fork((pattern, start, end) => void matches.push([PATTERNS[pattern]!.type, start, end]));
        first.write('kay bee');
        fork.write(tail);
        fork.end();
        const later = whole.matches.filter((match) => matches.some((other) => String(other) === String(match)));
        expect(matches).toEqual(later);
        expect(fork.position).toBe(head.length + tail.length);
      }),
      { numRuns: 100 },
    );
  });

  it('what is given up holds no more, and a match that began before is cut', () => {
    const matches: Match[] = [];
    const scan = set.open((pattern, start, end) => void matches.push([PATTERNS[pattern]!.type, start, end]));
    scan.write('123 ');
    expect(scan.hold).toBe(0);
    scan.dropBefore(2);
    expect(scan.hold).toBe(2);
    scan.write('kay');
    scan.end();
    expect(matches).toEqual([['a', 2, 3]]);
  });

  it('name the pattern that cannot be run, and count matches of whole texts', async () => {
    await expect(compileWithContext([PATTERNS[0]!, PATTERNS[1]!, { type: 'e', find: /(\w)\1/ }])).rejects.toMatchObject(
      {
        pattern: 2,
      },
    );
    expect([set.probe('xxy'), set.probe('xxy '), set.probe('123')]).toEqual([true, false, false]);
    expect(set.size).toBe(4);
  });
});

describe('a pattern that may go on behind its end', () => {
  const isLong = { before: 0, after: 0, accepts: (match: string) => match.length > 4 };

  it('holds all of it while a longer reading may count, though the short one was refused', async () => {
    const long = await compileWithContext([{ type: 'long', find: /[a-z]{3,8}/, context: isLong }]);
    const found: [number, number][] = [];
    const scan = long.open((_, start, end) => void found.push([start, end]));
    scan.write(' abcd');
    expect(scan.hold).toBeLessThanOrEqual(1);
    scan.write('e!');
    scan.end();
    expect(found).toContainEqual([1, 6]);
    // What is found shorter than a closed pattern would find it starts later, never earlier.
    expect(found.every(([start, end]) => start >= 1 && end === 6)).toBe(true);
  });

  it('is refused without a longest match, unless it ends where nothing of it can follow', async () => {
    const of = (find: RegExp) => compileWithContext([{ type: 'long', find, context: isLong }]);
    await expect(of(/[a-z]{3,}/)).rejects.toMatchObject({ code: 'PATTERN_UNBOUNDED_VALIDATOR' });
    await expect(of(/[a-z]{3,}(?![a-z])/)).resolves.toMatchObject({ size: 1 });
  });
});
