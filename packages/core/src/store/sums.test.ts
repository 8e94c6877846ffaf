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

describe('reserved numbers', () => {
  const asked = (amount: number | undefined, id = 'asking', attempt?: string): Charge => ({
    ...{ ...charge(100), id, kind: 'reserve' },
    ...(amount !== undefined && { amount }),
    ...(attempt !== undefined && { attempt }),
  });
  const told = (amount: number, id = 'asking', attempt?: string) => ({
    ...{ key: 'k', id, amount, perMs: PER, window: 'sliding' as const },
    ...(attempt !== undefined && { attempt }),
  });
  const used = (sums: ReturnType<typeof emptySums>, now: number): number =>
    100 - roomInSums(sums, charge(100), now).remaining;

  it('fit where all of the amount does, and have their room once they were taken', () => {
    const sums = emptySums();
    addAmount(sums, told(50, 'before'), 1000);
    expect(waitForRoom(sums, asked(50), 1000)).toBe(0);
    expect(waitForRoom(sums, asked(51), 1000)).toBe(PER);
    expect(waitForRoom(sums, { ...asked(undefined), allow: 50 }, 1000)).toBe(0);
    expect(reserve(sums, asked(50), 1000)).toBe(true);
    expect(waitForRoom(sums, asked(1, 'another'), 1000)).toBe(PER);
    expect(waitForRoom(sums, asked(50), 1000)).toBe(0);
    // What only asks has no room because its id has some.
    expect(waitForRoom(sums, charge(100), 1000)).toBe(PER);
  });

  it('are settled by what is reported under their id, once, where they were taken', () => {
    const sums = emptySums();
    for (const id of ['one', 'two']) reserve(sums, asked(40, id), 1000);
    addAmount(sums, told(25, 'one'), 1000);
    expect(used(sums, 1000)).toBe(65);
    addAmount(sums, told(30, 'one'), 1000);
    expect(used(sums, 1000)).toBe(65);
    expect(reserve(sums, asked(40, 'one'), 1000)).toBe(false);
  });

  it('are given back to the attempt that took them alone, and the id is then as if it had never been seen', () => {
    const sums = emptySums();
    for (const [id, attempt] of [
      ['named', 'first'],
      ['unnamed', undefined],
    ] as const) {
      reserve(sums, asked(40, id, attempt), 1000);
      addAmount(sums, told(0, id, 'second'), 1000);
      expect(used(sums, 1000)).toBe(40);
      addAmount(sums, told(0, id, attempt ?? ''), 1000);
      expect(used(sums, 1000)).toBe(0);
    }
    expect(reserve(sums, asked(40, 'named'), 1000)).toBe(true);
    expect(used(sums, 1000)).toBe(40);
  });

  it('whose window is over by then count nowhere when they are settled', () => {
    const sums = emptySums();
    reserve(sums, asked(40), PER);
    expect(waitForRoom(sums, charge(100), 2 * PER + 1)).toBe(0);
    addAmount(sums, told(70), 2 * PER + 1);
    expect(used(sums, 2 * PER + 1)).toBe(0);
  });

  it('that reached the most a number can say stay there, whatever is given back', () => {
    const sums = emptySums();
    reserve(sums, asked(Number.MAX_SAFE_INTEGER, 'one', 'a'), 1000);
    addAmount(sums, told(0, 'one', 'a'), 1000);
    expect(used(sums, 1000)).toBe(100);
  });

  it('are remembered in the window they were taken in and the next one, and no longer', () => {
    for (const [later, known] of [
      [PER, true],
      [2 * PER, false],
      [9 * PER, false],
    ] as const) {
      const sums = emptySums();
      reserve(sums, asked(40), 10);
      expect(waitForRoom(sums, { ...asked(200), allow: 100 }, 10 + later)).toBe(known ? 0 : PER);
      expect(reserve(sums, asked(40), 10 + later)).toBe(!known);
    }
  });
});

describe('reported numbers, exactly', () => {
  const add = (sums: ReturnType<typeof emptySums>, id: string, amount: number, now: number, more = {}): void =>
    addAmount(sums, { key: 'k', id, amount, perMs: PER, window: 'sliding', ...more }, now);

  it('of nothing are not remembered', () => {
    const sums = emptySums();
    add(sums, 'a', 0, 1000);
    add(sums, 'a', 10, 1000);
    expect(roomInSums(sums, charge(100), 1000).remaining).toBe(90);
  });

  it('are forgotten with their ids when two windows have passed', () => {
    const sums = emptySums();
    add(sums, 'a', 10, 10);
    add(sums, 'a', 10, 2 * PER + 10);
    expect(roomInSums(sums, charge(100), 2 * PER + 10).remaining).toBe(90);
  });

  it('leave no room below none, and one of them is enough to wait for', () => {
    const sums = emptySums();
    add(sums, 'a', 1, 1000);
    expect(roomInSums(sums, charge(100), 1000)).toEqual({ remaining: 99, resetMs: PER });
    add(sums, 'b', 150, 1000);
    expect(roomInSums(sums, charge(100), 1000)).toEqual({ remaining: 0, resetMs: PER });
  });

  it('count in the last millisecond of their window', () => {
    const sums = emptySums();
    add(sums, 'a', 40, 1000);
    expect(roomInSums(sums, charge(100), 1000 + PER - 1)).toEqual({ remaining: 60, resetMs: 1 });
    expect(waitForRoom(sums, charge(40), 1000 + PER - 1)).toBe(1);
  });

  it('lie in sixtieths of the window', () => {
    const sums = emptySums();
    for (let now = 0; now < PER; now++) add(sums, `r${now}`, 1, now);
    expect([...sums.buckets.keys()]).toEqual(Array.from({ length: 60 }, (_, n) => n));
  });

  it.each([
    ['fixed', undefined, 1_000_000],
    ['calendar', { period: 'day', timeZone: 'UTC' }, 86_400_000],
  ] as const)(
    'wait for the end of a window that is %s, and count nothing of the one before',
    (window, calendar, perMs) => {
      const terms = { window, perMs, ...(calendar !== undefined && { calendar }) };
      const sums = emptySums();
      const now = 86_400_000 * 20_000;
      const start = now - (now % perMs);
      add(sums, 'a', 100, start - 1, terms);
      add(sums, 'b', 60, start + 10, terms);
      add(sums, 'c', 40, start + 500_000, terms);
      expect([...sums.buckets.values()]).toEqual([{ sum: 100, last: start + 500_000 }]);
      expect(waitForRoom(sums, { ...charge(100), ...terms }, start + 600_000)).toBe(perMs - 600_000);
      expect(waitForRoom(sums, { ...charge(101), ...terms }, start + 600_000)).toBe(0);
    },
  );

  it('that lie in the future, because a clock was set back, count from now on, and the oldest still leaves first', () => {
    const sums = emptySums();
    add(sums, 'a', 40, 5000);
    expect(waitForRoom(sums, charge(40), 1000)).toBe(PER);
    add(sums, 'b', 40, 1000);
    add(sums, 'c', 10, 5000);
    expect(waitForRoom(sums, charge(60), 5000)).toBe(1000 + PER - 5000);
  });
});
