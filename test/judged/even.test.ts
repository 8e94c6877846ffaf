// Even release and `trail`, measured as a reader sees them, in simulated time. `FIGURES=1` prints what was
// measured; `npm run bench -- judged` measures the same in real time.
import { createGovernor, type Exposure, type Governor, type Unjudged } from '@flyball/core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { inSimulatedTime } from './in-simulated-time.ts';
import {
  judgeDetector,
  latencyAbout,
  modelOf,
  readStream,
  scriptedJudge,
  seeded,
  SLOTS,
  type ScriptedJudge,
  type Seen,
} from './simulate.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const UNITS = 1600;
/** Prints what was measured. */
const FIGURES = process.env['FIGURES'] !== undefined;

async function governed(judges: readonly ScriptedJudge[], rule: object = {}, policy: object = {}): Promise<Governor> {
  return createGovernor({
    detectors: [judgeDetector(judges)],
    policy: {
      policy: 'p',
      version: 1,
      detectors: [{ use: 'judge' }],
      rules: [{ id: 'harm', on: 'output', detect: 'harm', then: 'block', reason: 'P_HARM', ...rule }],
      ...policy,
    },
  });
}

/** Streams of one cell, all at a time. */
async function read(
  latencyMs: number,
  tokens: number,
  rule: object = {},
  policy: object = {},
  seed = 1,
): Promise<readonly Seen[]> {
  const judges: ScriptedJudge[] = [];
  const governor = await governed(judges, rule, policy);
  const all = Promise.all(
    Array.from({ length: SLOTS }, (_, slot) => {
      const random = seeded(seed * 1000 + slot);
      judges[slot] = scriptedJudge({ latency: latencyAbout(latencyMs, random) });
      return readStream(governor, { source: modelOf(UNITS, tokens, random), slot });
    }),
  );
  const seen = await inSimulatedTime(all);
  await governor.close();
  return seen;
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;

describe('even release', () => {
  it.each(
    [50, 100, 200].flatMap((tokens) => [50, 150, 300, 500].map((latency): [number, number] => [tokens, latency])),
  )(
    'at %i tokens a second and a judge of %i ms nothing stands still for long, and nothing comes late',
    async (tokens, latency) => {
      const seen = await read(latency, tokens);
      const stall = Math.max(...seen.map(({ stallMs }) => stallMs));
      const first = median(seen.map(({ firstMs }) => firstMs));
      const last = median(seen.map(({ lastMs }) => lastMs));
      if (FIGURES) {
        const jumps = await read(latency, tokens, {}, { pace: 'at_once' });
        const worst = Math.max(...jumps.map(({ stallMs }) => stallMs));
        console.log(
          `${tokens} tokens/s, ${latency} ms: stall ${stall}, at once ${worst}, first ${first}, last ${last}`,
        );
      }
      expect(stall).toBeLessThanOrEqual(120);
      expect(first).toBeLessThanOrEqual(latency + 50);
      expect(last).toBeLessThanOrEqual(latency + 50);
      for (const { text, decision } of seen) {
        expect(text).toHaveLength(UNITS);
        expect(decision).toMatchObject({ outcome: 'ALLOW', coverage: { unjudged: [] } });
      }
    },
  );

  it('is switched off by `pace: at_once`: then text stands and jumps with each verdict', async () => {
    const seen = await read(300, 50, {}, { pace: 'at_once' });
    expect(median(seen.map(({ stallMs }) => stallMs))).toBeGreaterThan(300);
  });
});

describe('trail', () => {
  it.each([
    [150, 50],
    [300, 100],
    [500, 200],
    [800, 50],
  ])(
    'with a judge of %i ms at %i tokens a second: the expected exposure is within a fifth of the measured',
    async (latency, tokens) => {
      const judges: ScriptedJudge[] = [];
      const governor = await governed(judges, { stream: 'trail' });
      const streams = async (seed: number): Promise<readonly Seen[]> => {
        const all = Promise.all(
          Array.from({ length: SLOTS }, (_, slot) => {
            const random = seeded(seed * 1000 + slot);
            judges[slot] = scriptedJudge({ latency: latencyAbout(latency, random) });
            return readStream(governor, { source: modelOf(UNITS, tokens, random), slot });
          }),
        );
        return inSimulatedTime(all);
      };
      const first = await streams(1);
      expect(first.some(({ decision }) => decision.coverage.exposure![0]!.expected === undefined)).toBe(true);
      for (const { decision, lastMs } of await streams(2)) {
        const [{ detector, mean, most, expected }] = decision.coverage.exposure as [Exposure];
        expect(detector).toBe('judge');
        // Within a fifth, as a mean of streams; one stream has some ten verdicts.
        expect(Math.abs(expected!.units - mean.units) / mean.units).toBeLessThan(0.35);
        expect(most.units).toBeGreaterThan(mean.units);
        expect(most.ms).toBeGreaterThan(mean.ms);
        expect(lastMs).toBeLessThan(50);
      }
      const later = await streams(3);
      const total = (of: 'mean' | 'expected', what: 'units' | 'ms'): number =>
        later.reduce((sum, { decision }) => sum + decision.coverage.exposure![0]![of]![what], 0);
      for (const what of ['units', 'ms'] as const)
        expect(Math.abs(total('expected', what) / total('mean', what) - 1), what).toBeLessThan(0.2);
      if (FIGURES)
        console.log(
          latency,
          tokens,
          JSON.stringify(later.slice(0, 3).map(({ decision }) => decision.coverage.exposure)),
        );
      await governor.close();
    },
  );

  it('A6: a late stop says what had left of the passage it objects to', async () => {
    const judges: ScriptedJudge[] = [];
    const governor = await governed(judges, { stream: 'trail' });
    const random = seeded(7);
    judges[0] = scriptedJudge({ latency: () => 300, bad: { from: 500, to: 600, need: 30 } });
    const reading = readStream(governor, { source: modelOf(UNITS, 50, random), slot: 0 });
    const { text, decision } = await inSimulatedTime(reading);
    expect(decision).toMatchObject({ outcome: 'BLOCK', reason: 'P_HARM' });
    const [{ path, start, end, why }] = decision.coverage.unjudged as [Unjudged];
    expect([path, why, start <= 500, end > 530 && end <= text.length]).toEqual(['text', 'trail', true, true]);
    expect(decision.coverage.exposure).toHaveLength(1);
    await governor.close();
  });
});
