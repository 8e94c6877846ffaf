import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Pattern, PatternContext } from '../contract/detector.ts';
import type { PatternSet } from '../scanner/types.ts';
import { compileWithContext } from './compile-with-context.ts';
import { NEAR_AFTER, NEAR_BEFORE, withAnnouncing, withKeyWords } from './key-worded.ts';

const around = (digits: string): RegExp => new RegExp(`(?<![A-Za-z0-9_])(?:${digits})(?![A-Za-z0-9_])`);
const FORMS: readonly (readonly [find: RegExp, words: readonly string[], least: number])[] = [
  [around('\\d{3,8}'), ['kay'], 0],
  [around('\\d{3,8}'), ['bee', 'kay'], 3],
  [around('\\d{4}'), ['bee'], 5],
  [around('[1-4]\\d{4}'), ['kay', 'wye'], 2],
  [/\d{2}(?:-\d{2}){1,9}/, ['bee'], 4],
  [/\d{2}(?:-\d{2}){1,9}/, ['wye'], 1],
];

/** With or without a word about the key words. `asked` counts. */
function patternsOf(said: boolean, asked: () => void): Pattern[] {
  const all = FORMS.map(([find, words, least], index): Pattern => {
    const stands = (text: string): boolean => words.some((word) => text.includes(word));
    const context: PatternContext = {
      before: NEAR_BEFORE,
      after: NEAR_AFTER,
      accepts(match, before, after) {
        asked();
        if (after !== undefined) return stands(after);
        if (Number(match.at(-1)) < least) return false;
        return stands(before) || undefined;
      },
    };
    return { type: `t${index}`, find, fold: true, context: said ? withKeyWords(context, words) : context };
  });
  const other = (after: number): PatternContext => ({
    before: 5,
    after,
    accepts: (match, before, behind) =>
      match.length % 2 === 0 || (after > 0 && behind === undefined ? undefined : before.includes('!')),
  });
  /** Refused unless a word stands before; the validator is asked first, for every start. */
  const announced = (find: RegExp, words: readonly string[], dividend: number): Pattern => {
    const context: PatternContext = {
      ...{ before: NEAR_BEFORE, after: 0 },
      accepts: (_, before) => words.some((word) => before.includes(word)),
    };
    const validate = (match: string): boolean => {
      asked();
      return match.length % dividend !== 0;
    };
    return {
      ...{ type: 'announced', find, fold: true, validate },
      context: said ? withAnnouncing(context, words) : context,
    };
  };
  return [
    ...all,
    announced(/\d[\d-]{2,9}/, ['kay'], 3),
    announced(/\d[\d-]{2,9}/, ['wye', 'bee'], 2),
    announced(/(?<!\d)\d{1,4}x?/, ['y'], 5),
    // One that asks at once about what others wait for, and one that waits itself, longer than they do.
    { type: 'now', find: FORMS[0]![0], fold: true, context: other(0) },
    { type: 'later', find: /!\d{5}/, fold: true, context: other(90) },
    { type: 'plain', find: /x+y/ },
  ];
}

const compiled = async (said: boolean, asked = (): void => undefined): Promise<PatternSet> =>
  compileWithContext(patternsOf(said, asked), { prewarm: false });

/** What is reported and held, piece by piece. Every match of `stopAt` stops the stream. */
function run(set: PatternSet, pieces: readonly string[], stopAt: number, dropAt: number, budget: number): unknown[] {
  const log: unknown[] = [];
  const sink = (pattern: number, start: number, end: number, seen: number): boolean => {
    log.push([pattern, start, end, seen]);
    return pattern === stopAt;
  };
  let scan = set.open(sink);
  for (const [number, piece] of pieces.entries()) {
    for (let from = 0; from < piece.length && !scan.stopped;) from = scan.writeSome(piece, from, budget);
    log.push([scan.hold, scan.position, scan.stopped]);
    if (number !== dropAt || scan.stopped) continue;
    scan.dropBefore((scan.hold + scan.position) >> 1);
    const other = scan.fork(sink);
    other.write('99 kay 12-34-56 bee ');
    other.end();
    log.push([other.hold, other.stopped]);
    scan = scan.fork(sink);
  }
  scan.end();
  return [...log, scan.hold, scan.stopped];
}

function runText(set: PatternSet, text: string): unknown[] {
  const log: unknown[] = [];
  const scan = set.openTexts((...match) => void log.push(match));
  for (let isRead = false; !isRead;) isRead = scan.read(text, 100);
  return log;
}

const PIECES = [
  '1',
  '12',
  '!12345',
  '345',
  '-',
  ' ',
  ' ',
  '9',
  '4444',
  '12345',
  '12-34',
  'kay',
  'bee',
  'wye',
  'xy',
  '!',
  'é',
  '４',
];
const piece = fc.oneof(
  fc.array(fc.constantFrom(...PIECES), { maxLength: 12 }).map((some) => some.join('')),
  fc.constantFrom('the words of a sentence that has none of the letters in it ', '1234 12-34-56-78 ', '😀'),
);

describe('contexts that say which key words they need', () => {
  it('G7: report and hold in streams and texts what they do when nothing is said', async () => {
    const [told, plain] = [await compiled(true), await compiled(false)];
    let found = 0;
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 25 }),
        fc.integer({ min: -12, max: 11 }),
        fc.nat(30),
        fc.constantFrom(Number.POSITIVE_INFINITY, 40, 400),
        (pieces, stopAt, dropAt, budget) => {
          const expected = run(plain, pieces, stopAt, dropAt, budget);
          expect(run(told, pieces, stopAt, dropAt, budget)).toEqual(expected);
          const text = runText(plain, pieces.join(''));
          expect(runText(told, pieces.join(''))).toEqual(text);
          found += text.length;
        },
      ),
      { numRuns: 600 },
    );
    expect(found).toBeGreaterThan(200);
  });

  it('go on with another text where only a part of one was read', async () => {
    const [told, plain] = [await compiled(true), await compiled(false)];
    const first = `4444 12345 ${'no word of theirs '.repeat(20)}`;
    let found = 0;
    for (let budget = 1; budget < 900; budget += 3) {
      const after = (set: PatternSet, write: (scan: ReturnType<PatternSet['open']>) => number): unknown[] => {
        const log: unknown[] = [];
        const scan = set.open((...match) => void log.push(match));
        const read = write(scan);
        for (const more of ['bee kay ', 'wye '.repeat(40)]) {
          scan.write(more);
          log.push(scan.hold);
        }
        scan.end();
        found += log.length - 2;
        return [read, ...log];
      };
      const expected = after(told, (scan) => scan.writeSome(first, 0, budget));
      expect(after(plain, (scan) => scan.write(first.slice(0, expected[0] as number)))).toEqual(expected);
    }
    expect(found).toBeGreaterThan(100);
  });

  it.each([true, false])(
    'hold what nobody was asked about again when a match stops the stream: said %s',
    async (said) => {
      const context: PatternContext = {
        ...{ before: NEAR_BEFORE, after: NEAR_AFTER },
        accepts: (_match, _before, after) => after?.includes('kay') ?? undefined,
      };
      const number = { type: 'number', find: /\d{4}/, context: said ? withKeyWords(context, ['kay']) : context };
      const set = await compileWithContext([number, { type: 'stop', find: /xy/ }], { prewarm: false });
      const calm = set.open(() => undefined);
      calm.write('1234');
      while (calm.hold === 0) calm.write('.');
      // The unit that stops the stream comes before, with and behind the one with which the number is decided.
      const held: number[] = [];
      for (let position = 6; position < 2 * calm.position; position++) {
        const scan = set.open((pattern) => pattern === 1);
        scan.write(`1234${'.'.repeat(position - 6)}xy and more`);
        expect(scan.stopped).toBe(true);
        if (scan.hold === 0) held.push(position);
      }
      expect(held).toEqual(Array.from({ length: calm.position - 5 }, (_, at) => at + 6));
    },
  );

  it('know nothing of the text before in the next one', async () => {
    const [told, plain] = [await compiled(true), await compiled(false)];
    const texts = [
      'no word 77-12 1234 '.repeat(20),
      'kay 77-12 wye 77-12',
      'kay 77-12 '.repeat(9),
      '77-12 kay 77-12',
      'wye y '.repeat(30),
      '12 y 77-1',
      'no word 77-12 1234',
    ];
    const each = (set: PatternSet): unknown[] => {
      const log: unknown[] = [];
      const scan = set.openTexts((...match) => void log.push(match));
      for (const text of texts) {
        log.push(text);
        for (let isRead = false; !isRead;) isRead = scan.read(text, 20);
      }
      return log;
    };
    expect(each(told)).toEqual(each(plain));
    expect(each(plain).length).toBeGreaterThan(20);
  });

  it('are not asked about numbers near which there is none', async () => {
    let asked = 0;
    const set = await compiled(true, () => void asked++);
    const text = '1234 12345 12-34-56 '.repeat(3000);
    const scan = set.open(() => undefined);
    scan.write(text);
    // To know what is held, the last few are asked.
    expect(scan.hold).toBeLessThan(text.length);
    scan.end();
    set.openTexts(() => undefined).read(text, Number.POSITIVE_INFINITY);
    expect(asked).toBeLessThan(50);
    const stream = set.open(() => undefined);
    stream.write('kay 1234 '.repeat(10));
    expect(asked).toBeGreaterThan(10);
    // A validator of what nothing announces is not asked either.
    const plain = await compiled(false, () => void asked++);
    asked = 0;
    plain.open(() => undefined).write(text);
    expect(asked).toBeGreaterThan(10_000);
  });
});
