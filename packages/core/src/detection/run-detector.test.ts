import { describe, expect, test } from 'vitest';
import type { Detector, Finding } from '../contract/detector.ts';
import { runDetector, type DetectorAnswer } from './run-detector.ts';
import { guardedPattern } from './guarded-pattern.ts';
import { Signals, Sources } from './signals.ts';

function answer(detect: () => unknown, signal?: AbortSignal): Promise<DetectorAnswer> {
  const detector = { id: 'd', version: '1', types: ['d'], detect } as unknown as Detector;
  return runDetector(
    detector,
    { text: 'ten  units', path: 'text', channel: 'text', settled: 0 },
    { deadlineMs: 20, signal },
  );
}

const ONE: readonly Finding[] = [{ type: 'd', score: 1, start: 0, end: 1 }];
const MANY: readonly Finding[] = Array.from({ length: 10_000 }, () => ONE[0]!);

describe('running a detector', () => {
  test('as many findings as anybody reads are all there', async () => {
    expect(await answer(() => MANY)).toEqual({ ok: true, findings: MANY });
  });

  test('findings come in order of their places, copied', async () => {
    const given: Finding[] = [
      { type: 'd', score: 1, start: 5, end: 6 },
      { type: 'd', score: 0.5, start: 0, end: 2 },
    ];
    const answered = await answer(() => given);
    given.length = 0;
    expect(answered).toEqual({
      ok: true,
      findings: [
        { type: 'd', score: 0.5, start: 0, end: 2 },
        { type: 'd', score: 1, start: 5, end: 6 },
      ],
    });
  });

  test.each([
    [
      'throws',
      (): never => {
        throw new Error('x');
      },
      'THREW',
    ],
    ['rejects', () => Promise.reject(new Error('x')), 'THREW'],
    ['never answers', () => new Promise(() => {}), 'TIMEOUT'],
    ['answers no list', () => 'none', 'INVALID_ANSWER'],
    ['answers null for a finding', () => [null], 'INVALID_ANSWER'],
    ['answers another type', () => [{ type: 'e', score: 1, start: 0, end: 1 }], 'INVALID_ANSWER'],
    ['answers a span outside the text', () => [{ type: 'd', score: 1, start: 0, end: 11 }], 'INVALID_ANSWER'],
    ['answers an empty span', () => [{ type: 'd', score: 1, start: 1, end: 1 }], 'INVALID_ANSWER'],
    ['answers more than anybody reads', () => ONE.concat(MANY), 'INVALID_ANSWER'],
    ['answers a score above 1', () => [{ type: 'd', score: 2, start: 0, end: 1 }], 'INVALID_ANSWER'],
    [
      'answers something that throws when it is read',
      () => [
        {
          get type() {
            throw new Error('x');
          },
        },
      ],
      'THREW',
    ],
  ])('one that %s has failed', async (_what, detect, code) => {
    expect(await answer(detect)).toEqual({ ok: false, code, cause: expect.any(Error) as Error });
  });

  test('one whose answer nobody wants any more is cancelled', async () => {
    const caller = new AbortController();
    const answered = answer(() => new Promise(() => {}), caller.signal);
    caller.abort();
    expect(await answered).toMatchObject({ ok: false, code: 'CANCELLED' });
  });
});

test('a validator that throws has refused nothing', () => {
  const pattern = guardedPattern({
    type: 'n',
    find: /\d/,
    validate: (match) => {
      if (match === '1') throw new Error('x');
      return match === '2';
    },
  });
  expect(['1', '2', '3'].map((match) => pattern.validate!(match))).toEqual([true, true, false]);
});

describe('signals', () => {
  const spans = (signals: Signals): unknown => signals.list(['a', 'b']).map((s) => [s.segment, s.start, s.end]);

  test('overlapping findings of one source in one segment are one, in whatever order they come', () => {
    const found = [
      [0, 3],
      [5, 8],
      [2, 6],
      [20, 22],
      [8, 9],
    ] as const;
    for (const order of [found, found.toReversed(), [found[3], found[2], found[0], found[4], found[1]]]) {
      const signals = new Signals();
      const source = new Sources().of('d', { type: 't', score: 1 });
      for (const [start, end] of order) signals.add(source, 'a', start, end);
      expect(spans(signals)).toEqual([
        ['a', 0, 8],
        ['a', 8, 9],
        ['a', 20, 22],
      ]);
    }
  });

  test('another segment, source or score is another signal', () => {
    const signals = new Signals();
    const sources = new Sources();
    const one = sources.of('d', { type: 't', score: 1 });
    signals.add(one, 'b', 0, 3);
    signals.add(one, 'a', 1, 3);
    signals.add(sources.of('d', { type: 't', score: 0.5 }), 'a', 0, 3);
    signals.add(sources.of('d', { type: 't', score: 1 }), 'a', 2, 4);
    expect(spans(signals)).toEqual([
      ['a', 0, 3],
      ['a', 1, 4],
      ['b', 0, 3],
    ]);
  });
});
