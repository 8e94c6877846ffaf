import type { Governor } from '@flyball/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../leaktest/random.ts';
import { emptyTally, governors, judge, runCase } from './run-cases.ts';
import { streamCase } from './stream-case.ts';

const SEED = 1;
const STREAMS = 1_000;

let tried: readonly Governor[];
beforeAll(async () => {
  tried = await governors();
});
afterAll(async () => {
  for (const governor of tried) await governor.close();
});

describe('random streams of events', () => {
  it(
    `G2, G6: ${STREAMS} streams, known and unknown, let no whole secret out and change nothing else (seed ${SEED})`,
    { timeout: 120_000 },
    async () => {
      const tally = emptyTally();
      for (let number = 0; number < STREAMS; number++) await runCase(SEED, number, tried, tally);
      const { leaks, changed, unsaid, failures } = tally;
      expect({ leaks, changed, unsaid, failures }).toEqual({ leaks: 0, changed: 0, unsaid: 0, failures: [] });
      expect([tally.cases, tally.planted > STREAMS]).toEqual([2 * STREAMS, true]);
    },
  );

  it('the comparison sees a stream that nobody governs', () => {
    const tally = emptyTally();
    for (let number = 0; number < 200; number++) {
      const given = streamCase(new Random(SEED + number * 7919));
      judge(given, given.wire, { coverage: { unjudged: [] } } as never, tally);
    }
    expect([tally.leaks, tally.planted, tally.changed]).toEqual([tally.planted, tally.planted, 0]);
    expect(tally.planted).toBeGreaterThan(80);
  });

  it('and one that was changed without a reason', () => {
    const tally = emptyTally();
    const given = { ...streamCase(new Random(1)), planted: 'nowhere' as const };
    expect(judge(given, `${given.wire} `, { coverage: { unjudged: [] } } as never, tally)).toBe(true);
    expect(tally.changed).toBe(1);
  });
});
