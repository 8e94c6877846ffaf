// `stream: hold` under random timings, in simulated time: nothing leaves that no window has judged.
// TIMINGS=100000 SEED=n npm test -- --project workspace judged/hold
import { createGovernor, type DetectorWindow, type Governor } from '@flyball/core';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { inSimulatedTime } from './in-simulated-time.ts';
import {
  JUDGE_WINDOW,
  judgeDetector,
  readStream,
  scriptedJudge,
  seeded,
  SLOTS,
  type Random,
  type ScriptedJudge,
  type Source,
} from './simulate.ts';

const TIMINGS = Number(process.env['TIMINGS'] ?? 300);
const SEED = Number(process.env['SEED'] ?? 1);
const UNITS = 1200;
const MARGIN = 20;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const between = (random: Random, least: number, most: number): number =>
  least + Math.floor(random() * (most - least + 1));

/** Deltas of any size, at any time; sometimes the model thinks for seconds. */
function randomSource(random: Random, thinks: boolean): Source {
  const longest = between(random, 1, 80);
  const pause = between(random, 1, 400);
  return {
    units: between(random, 1, UNITS),
    delta: () => ({
      units: between(random, 1, longest),
      afterMs: thinks && random() < 0.05 ? 4000 : random() * pause,
    }),
  };
}

async function governedBy(judges: ScriptedJudge[], window: DetectorWindow, onError = 'block'): Promise<Governor> {
  const governor = await createGovernor({
    detectors: [judgeDetector(judges, { window, deadlineMs: 3000 })],
    policy: {
      policy: 'p',
      version: 1,
      onError: onError as 'block',
      detectors: [{ use: 'judge' }],
      rules: [{ id: 'harm', on: 'output', detect: { type: 'harm', min: 0.5 }, then: 'block', reason: 'P_HARM' }],
    },
  });
  return governor;
}

interface Totals {
  streams: number;
  stopped: number;
  failed: number;
  complete: number;
}

/** Reads one stream of random timing and checks each unit as it leaves. */
async function readOne(
  governor: Governor,
  judges: ScriptedJudge[],
  slot: number,
  seed: number,
  clock: boolean,
  totals: Totals,
): Promise<void> {
  const random = seeded(seed);
  const source = randomSource(random, clock);
  const from = between(random, 0, UNITS);
  const need = between(random, 1, MARGIN);
  const bad = { from, to: from + between(random, need, 80), need };
  const slowest = between(random, 1, 2900);
  const broken = random() < 0.1 ? (random() < 0.5 ? 'hang' : 'throw') : undefined;
  const judge = scriptedJudge({
    latency: () => random() * slowest,
    bad,
    fault: () => (broken !== undefined && random() < 0.2 ? broken : undefined),
  });
  judges[slot] = judge;
  /** How far every unit was judged, with nothing left out. */
  const judgedTo = (): number => {
    let to = 0;
    for (let moved = true; moved;) {
      moved = false;
      for (const verdict of judge.verdicts) {
        if (verdict.from > to || verdict.to <= to) continue;
        to = verdict.to;
        moved = true;
      }
    }
    return to;
  };
  const seen = await readStream(governor, {
    source,
    slot,
    left(_, to, arrived) {
      const judged = judgedTo();
      // The margin goes when everything was judged: at the end, or by the clock of a text that does not go on.
      const limit = judged >= arrived ? judged : judged - (clock ? 0 : MARGIN);
      if (to > limit) throw new Error(`seed ${seed}: ${to} left, judged to ${judged} of ${arrived}`);
    },
  });
  totals.streams++;
  const { outcome, reason, coverage } = seen.decision;
  if (outcome === 'ALLOW') {
    totals.complete++;
    if (seen.text.length !== source.units) throw new Error(`seed ${seed}: ${seen.text.length} of ${source.units} left`);
  } else if (reason === 'P_HARM') totals.stopped++;
  else totals.failed++;
  if (!clock && seen.text.length > bad.from && outcome !== 'ALLOW')
    throw new Error(`seed ${seed}: ${seen.text.length - bad.from} units of the passage left`);
  if (coverage.unjudged.length > 0 && !clock) throw new Error(`seed ${seed}: ${JSON.stringify(coverage.unjudged)}`);
}

async function readMany(count: number, seed: number, clock: boolean): Promise<Totals> {
  const { clockMs: _, ...still } = JUDGE_WINDOW as { clockMs: number };
  const judges: ScriptedJudge[] = [];
  const governor = await governedBy(judges, clock ? JUDGE_WINDOW : (still as unknown as DetectorWindow));
  const totals: Totals = { streams: 0, stopped: 0, failed: 0, complete: 0 };
  let next = 0;
  const inSlot = async (slot: number): Promise<void> => {
    while (next < count) await readOne(governor, judges, slot, seed * 1_000_003 + next++, clock, totals);
  };
  await inSimulatedTime(Promise.all(Array.from({ length: SLOTS }, (_, slot) => inSlot(slot))));
  await governor.close();
  return totals;
}

describe('hold', () => {
  test(
    `G2: lets nothing leave that was not judged, at ${TIMINGS} random timings (seed ${SEED})`,
    { timeout: 3_600_000 },
    async () => {
      const still = await readMany(Math.ceil(TIMINGS / 2), SEED, false);
      const clocked = await readMany(Math.floor(TIMINGS / 2), SEED + 1, true);
      if (TIMINGS > 1000) console.log({ still, clocked });
      for (const totals of [still, clocked]) {
        // A run in which nothing was stopped, or nothing failed, or nothing came to its end has tried nothing.
        expect(totals.stopped).toBeGreaterThan(0);
        expect(totals.failed).toBeGreaterThan(0);
        expect(totals.complete).toBeGreaterThan(0);
      }
      expect(still.streams + clocked.streams).toBe(TIMINGS);
    },
  );
});
