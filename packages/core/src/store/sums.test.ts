import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addAmount, emptySums, reserve, roomInSums, waitForRoom } from './sums.ts';
import type { Charge } from './store.ts';

const PER = 6000;
const charge = (allow: number, window: Charge['window'] = 'sliding'): Charge => ({
  key: 'acme/limit/tokens',
  id: 'asking',
  kind: 'sum',
  allow,
  perMs: PER,
  window,
});

describe('reported numbers', () => {
  it('leave the window never too early and at most a sixtieth of it too late, and the wait is the true one', () => {
    const report = fc.record({ wait: fc.oneof(fc.nat(50), fc.nat(PER)), amount: fc.integer({ min: 1, max: 1000 }) });
    fc.assert(
      fc.property(
        fc.array(report, { maxLength: 60 }),
        fc.nat(2 * PER),
        fc.integer({ min: 1, max: 3000 }),
        (reports, later, allow) => {
          const sums = emptySums();
          let now = 1_795_300_000_000;
          const made: { at: number; amount: number }[] = [];
          for (const [i, { wait, amount }] of reports.entries()) {
            now += wait;
            made.push({ at: now, amount });
            addAmount(sums, { key: 'k', id: `r${i}`, amount, perMs: PER, window: 'sliding' }, now);
          }
          now += later;
          const within = (ms: number): number =>
            made.filter(({ at }) => at > now - ms).reduce((sum, { amount }) => sum + amount, 0);
          const wait = waitForRoom(sums, charge(allow), now);
          if (within(PER) >= allow) expect(wait).toBeGreaterThan(0);
          if (within(PER + PER / 60) < allow) expect(wait).toBe(0);
          if (wait > 0) {
            expect(wait).toBeLessThanOrEqual(PER);
            expect(waitForRoom(sums, charge(allow), now + wait - 1)).toBe(1);
            expect(waitForRoom(sums, charge(allow), now + wait)).toBe(0);
          }
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('make room when the oldest of them leaves, however many came after it', () => {
    const sums = emptySums();
    for (const [id, at] of [
      ['first', 1000],
      ['second', 3000],
    ] as const)
      addAmount(sums, { key: 'k', id, amount: 40, perMs: PER, window: 'sliding' }, at);
    expect(roomInSums(sums, charge(100), 3500)).toEqual({ remaining: 20, resetMs: 1000 + PER - 3500 });
    expect(roomInSums(sums, charge(100), 1000 + PER)).toEqual({ remaining: 60, resetMs: 2000 });
    expect(roomInSums(emptySums(), charge(100), 3500)).toEqual({ remaining: 100, resetMs: 0 });
  });

  it('of which nothing is asked take nothing when they are reserved', () => {
    const sums = emptySums();
    const asked: Charge = { ...charge(100), kind: 'reserve' };
    expect([reserve(sums, asked, 1000), reserve(sums, asked, 1000)]).toEqual([true, false]);
    expect(roomInSums(sums, charge(100), 1000)).toEqual({ remaining: 100, resetMs: 0 });
  });

  it('cost the same, however many there were', () => {
    const sums = emptySums();
    for (let i = 0; i < 100_000; i++) {
      addAmount(sums, { key: 'k', id: `r${i}`, amount: 1, perMs: PER, window: 'sliding' }, i);
    }
    expect(sums.buckets.size).toBeLessThanOrEqual(61);
    // Ids of two windows at most, one a millisecond.
    expect(sums.current.size + sums.previous.size).toBeLessThanOrEqual(2 * PER);
    expect(waitForRoom(sums, charge(1), 100_000)).toBe(PER - 1);
  });

  it('count once per id for at least a window', () => {
    const sums = emptySums();
    const add = (now: number): void =>
      addAmount(sums, { key: 'k', id: 'same', amount: 600, perMs: PER, window: 'sliding' }, now);
    for (const now of [PER - 1, PER, 2 * PER - 2]) add(now);
    expect(waitForRoom(sums, charge(601), 2 * PER - 2)).toBe(0);
  });

  it('of any size add up to a number that refuses, never to one that wraps', () => {
    const sums = emptySums();
    for (let i = 0; i < 1100; i++) {
      addAmount(sums, { key: 'k', id: `r${i}`, amount: Number.MAX_SAFE_INTEGER, perMs: PER, window: 'sliding' }, i);
    }
    expect(waitForRoom(sums, charge(Number.MAX_SAFE_INTEGER), 1100)).toBeGreaterThan(0);
  });
});
