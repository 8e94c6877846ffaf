import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CLEAN, climb, duration, forgettableAt, levelAt, pointsAt, remaining, type LadderState } from './cooldown.ts';
import type { LadderTerms } from './store.ts';

const MINUTE = 60_000;
const TERMS: LadderTerms = {
  after: { strikes: 3, withinMs: 10 * MINUTE },
  forMs: MINUTE,
  escalate: { factor: 1.5, maxMs: 5 * MINUTE, forgetMs: 60 * MINUTE },
};

const terms = fc.record({
  after: fc.record({ strikes: fc.integer({ min: 1, max: 20 }), withinMs: fc.integer({ min: 1, max: 100_000 }) }),
  forMs: fc.integer({ min: 1, max: 100_000 }),
  escalate: fc.record({
    factor: fc.double({ min: 1, max: 4, noNaN: true }),
    maxMs: fc.integer({ min: 1, max: 1_000_000 }),
    forgetMs: fc.integer({ min: 1, max: 1_000_000 }),
  }),
});
const walk = fc.array(
  fc.record({ after: fc.integer({ min: 0, max: 60_000 }), points: fc.integer({ min: 1, max: 5 }) }),
  { maxLength: 60 },
);

function climbAll(
  ladder: LadderTerms,
  steps: readonly { after: number; points: number }[],
): { state: LadderState; now: number } {
  let state = CLEAN;
  let now = 1_000_000;
  for (const { after, points } of steps) state = climb(ladder, state, points, (now += after));
  return { state, now };
}

describe('ladders', () => {
  it('three strikes are three, however far apart within the window', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 5 * MINUTE - 1 }),
        fc.integer({ min: 0, max: 5 * MINUTE }),
        (first, second) => {
          let state = climb(TERMS, CLEAN, 1, 1000);
          state = climb(TERMS, state, 1, 1000 + first);
          expect(remaining(state, 1000 + first)).toBe(0);
          state = climb(TERMS, state, 1, 1000 + first + second);
          expect(remaining(state, 1000 + first + second)).toBe(MINUTE);
        },
      ),
    );
  });

  it('a strike as old as the window no longer counts, one a millisecond younger does', () => {
    const state = climb(TERMS, CLEAN, 2, 0);
    expect(pointsAt(TERMS, state, 10 * MINUTE - 1)).toBe(2);
    expect(pointsAt(TERMS, state, 10 * MINUTE)).toBe(0);
  });

  it('a fractional factor is rounded down at each step and stops at the longest', () => {
    expect([0, 1, 2, 3, 4, 5, 500].map((level) => duration(TERMS, level))).toEqual([
      60_000, 90_000, 135_000, 202_500, 300_000, 300_000, 300_000,
    ]);
    expect(duration({ ...TERMS, forMs: 7, escalate: { factor: 1.5, maxMs: 1000, forgetMs: 1 } }, 2)).toBe(15);
  });

  it('the level is forgotten a while after the end of the last cooldown, not after its start', () => {
    const state = climb(TERMS, CLEAN, 3, 0);
    expect(levelAt(TERMS, state, 61 * MINUTE - 1)).toBe(1);
    expect(levelAt(TERMS, state, 61 * MINUTE)).toBe(0);
  });

  it('a ladder without escalation always starts the same cooldown', () => {
    const flat: LadderTerms = { after: TERMS.after, forMs: MINUTE };
    const twice = climb(flat, climb(flat, CLEAN, 3, 0), 3, 2 * MINUTE);
    expect(twice).toMatchObject({ level: 0, until: 3 * MINUTE });
  });

  it('strikes of one moment are one entry, and take nothing from those before', () => {
    const patient: LadderTerms = { ...TERMS, after: { strikes: 100, withinMs: MINUTE } };
    let state = CLEAN;
    for (const now of [1000, 1001, 1001, 1002, 1002]) state = climb(patient, state, 2, now);
    expect(state.log).toEqual([
      { at: 1000, points: 2 },
      { at: 1001, points: 4 },
      { at: 1002, points: 4 },
    ]);
  });

  it('without escalation there is nothing to keep behind a cooldown', () => {
    const flat: LadderTerms = { after: TERMS.after, forMs: MINUTE };
    expect(forgettableAt(flat, climb(flat, CLEAN, 3, 1000))).toBe(1000 + MINUTE);
  });

  it('the level stops at a thousand, so that nothing has to count further', () => {
    const endless: LadderTerms = {
      after: { strikes: 1, withinMs: 1 },
      forMs: 1,
      escalate: { factor: 1, maxMs: 1, forgetMs: MINUTE },
    };
    let state = CLEAN;
    for (let now = 0; now < 1100; now++) state = climb(endless, state, 1, now);
    expect(state.level).toBe(1000);
  });

  it('of someone clean there is nothing to keep', () => {
    expect(forgettableAt(TERMS, CLEAN)).toBe(0);
  });

  it('never shortens a cooldown, never exceeds the longest, and keeps fewer strikes than start one', () => {
    fc.assert(
      fc.property(terms, walk, (ladder, steps) => {
        let state = CLEAN;
        let now = 0;
        for (const { after, points } of steps) {
          now += after;
          const next = climb(ladder, state, points, now);
          expect(next.until).toBeGreaterThanOrEqual(state.until);
          expect(remaining(next, now)).toBeLessThanOrEqual(Math.max(remaining(state, now), ladder.escalate.maxMs));
          expect(next.log.length).toBeLessThan(ladder.after.strikes);
          expect(Number.isInteger(next.until)).toBe(true);
          state = next;
        }
      }),
    );
  });

  it('may be forgotten when it says so: from then on it behaves as if it had never been', () => {
    fc.assert(
      fc.property(terms, walk, fc.integer({ min: 0, max: 1000 }), (ladder, steps, later) => {
        const { state } = climbAll(ladder, steps);
        const now = forgettableAt(ladder, state) + later;
        expect(climb(ladder, state, 1, now)).toEqual({ ...climb(ladder, CLEAN, 1, now), until: expect.any(Number) });
        expect(remaining(state, now)).toBe(0);
      }),
    );
  });
});
