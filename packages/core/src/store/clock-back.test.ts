import { describe, expect, test } from 'vitest';
import { amended, CLEAN, climb, forgettableAt, levelAt, pointsAt, remaining, type LadderState } from './cooldown.ts';
import type { LadderTerms } from './store.ts';

// Clocks of servers are set back at times: what then lies in the future counts from now on, and no longer.

const TERMS: LadderTerms = { after: { strikes: 10, withinMs: 1000 }, forMs: 500 };
const logOf = (...log: readonly (readonly [at: number, points: number])[]): LadderState => ({
  ...CLEAN,
  log: log.map(([at, points]) => ({ at, points })),
});

describe('strikes of a clock that was set back', () => {
  test.each<readonly [name: string, state: LadderState, log: readonly (readonly [number, number])[]]>([
    ['none', CLEAN, [[2000, 1]]],
    [
      'of the past',
      logOf([1500, 2]),
      [
        [1500, 2],
        [2000, 1],
      ],
    ],
    ['of now', logOf([2000, 2]), [[2000, 3]]],
    ['of the future', logOf([5000, 2]), [[2000, 3]]],
    [
      'of past and future',
      logOf([1500, 2], [5000, 3]),
      [
        [1500, 2],
        [2000, 4],
      ],
    ],
    [
      'of past, now and future',
      logOf([1500, 1], [2000, 1], [5000, 3]),
      [
        [1500, 1],
        [2000, 1],
        [2000, 4],
      ],
    ],
    [
      'as old as the window',
      logOf([1000, 2], [1001, 2]),
      [
        [1001, 2],
        [2000, 1],
      ],
    ],
  ])('%s', (_, state, log) => {
    const climbed = climb(TERMS, state, 1, 2000);
    expect(climbed.log.map(({ at, points }) => [at, points])).toEqual(log);
    const points = log.reduce((sum, [, more]) => sum + more, 0);
    expect(pointsAt(TERMS, climbed, 2000)).toBe(points);
    expect(pointsAt(TERMS, climbed, 3000)).toBe(0);
  });

  test('nothing is changed in what was there', () => {
    const before = logOf([5000, 2]);
    climb(TERMS, before, 1, 2000);
    expect(before.log).toEqual([{ at: 5000, points: 2 }]);
  });
});

describe('where a subject stands, when an operator has had a hand in it', () => {
  const ESCALATING: LadderTerms = { ...TERMS, escalate: { factor: 2, maxMs: 4000, forgetMs: 300 } };
  const at: LadderState = { log: [{ at: 1900, points: 2 }], level: 3, until: 2500 };

  test.each<readonly [op: 'lift' | 'forgive' | 'put_on', forMs: number, now: number, expected: LadderState]>([
    ['forgive', 0, 2000, CLEAN],
    ['lift', 0, 2000, { ...at, until: 2000 }],
    ['lift', 0, 2600, { ...at, until: 2500 }],
    ['lift', 0, 2800, { ...at, level: 0, until: 2500 }],
    ['put_on', 100, 2000, { ...at, until: 2500 }],
    ['put_on', 900, 2000, { ...at, until: 2900 }],
    ['put_on', 900, 2800, { ...at, level: 0, until: 3700 }],
  ])('%s for %i at %i', (op, forMs, now, expected) => {
    expect(amended(ESCALATING, at, op, forMs, now)).toEqual(expected);
  });

  test.each([
    [2499, 1],
    [2500, 0],
    [2501, 0],
  ])('at %i so many milliseconds are left: %i', (now, left) => {
    expect(remaining(at, now)).toBe(left);
  });

  test.each([
    [2799, 3],
    [2800, 0],
  ])('at %i it has the level %i', (now, level) => {
    expect(levelAt(ESCALATING, at, now)).toBe(level);
    expect(levelAt(TERMS, at, now)).toBe(0);
  });

  test.each<readonly [name: string, terms: LadderTerms, state: LadderState, when: number]>([
    ['clean', ESCALATING, CLEAN, 0],
    ['struck', ESCALATING, logOf([1900, 1], [1950, 1]), 2950],
    ['cooled', ESCALATING, { log: [], level: 1, until: 2500 }, 2800],
    ['cooled, without escalation', TERMS, { log: [], level: 0, until: 2500 }, 2500],
    ['both, the strike longer', ESCALATING, { log: [{ at: 1900, points: 1 }], level: 1, until: 2500 }, 2900],
    ['both, the cooldown longer', ESCALATING, { log: [{ at: 1700, points: 1 }], level: 1, until: 2500 }, 2800],
  ])('is forgettable when nothing can matter any more: %s', (_, terms, state, when) => {
    expect(forgettableAt(terms, state)).toBe(when);
  });

  test('no cooldown that runs is made shorter by another one', () => {
    const few: LadderTerms = { ...TERMS, after: { strikes: 1, withinMs: 1000 }, forMs: 100 };
    expect(climb(few, { log: [], level: 0, until: 9000 }, 1, 2000).until).toBe(9000);
    expect(climb(few, { log: [], level: 0, until: 2050 }, 1, 2000).until).toBe(2100);
  });

  test('a level grows up to a bound', () => {
    const always: LadderTerms = { ...ESCALATING, after: { strikes: 1, withinMs: 1000 } };
    expect(climb(always, { log: [], level: 999, until: 2500 }, 1, 2000).level).toBe(1000);
    expect(climb(always, { log: [], level: 1000, until: 2500 }, 1, 2000).level).toBe(1000);
  });
});
