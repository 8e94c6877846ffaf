// What a slow judge costs the reader of a stream, in real time: even release under `hold`, jumps without it, exposure
// under `trail`; and that policies without a judge pay nothing for it.
import { createGovernor, type Exposure, type Governor, type PolicyDocument } from '@flyball/core';
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
} from '../judged/simulate.ts';
import type { Figures } from './run.ts';

const UNITS = 1600;
const CELLS: readonly (readonly [tokensPerSecond: number, latencyMs: number])[] = [
  [50, 150],
  [50, 500],
  [100, 300],
  [200, 300],
  [200, 800],
];

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;

interface Stand {
  readonly governor: Governor;
  readonly judges: ScriptedJudge[];
}

async function standWith(rule: object = {}, policy: Partial<PolicyDocument> = {}): Promise<Stand> {
  const judges: ScriptedJudge[] = [];
  const governor = await createGovernor({
    detectors: [judgeDetector(judges)],
    policy: {
      policy: 'bench',
      version: 1,
      detectors: [{ use: 'judge' }],
      rules: [{ id: 'harm', on: 'output', detect: 'harm', then: 'block', reason: 'P_HARM', ...rule }],
      ...policy,
    },
  });
  return { governor, judges };
}

/** As many streams at a time as there are slots. */
function read({ governor, judges }: Stand, tokens: number, latencyMs: number, seed: number): Promise<readonly Seen[]> {
  return Promise.all(
    Array.from({ length: SLOTS }, (_, slot) => {
      const random = seeded(seed * 1000 + slot);
      judges[slot] = scriptedJudge({ latency: latencyAbout(latencyMs, random) });
      return readStream(governor, { source: modelOf(UNITS, tokens, random), slot });
    }),
  );
}

function readerOf(seen: readonly Seen[]): Figures {
  return {
    longestStallMs: median(seen.map(({ stallMs }) => stallMs)),
    worstStallMs: Math.max(...seen.map(({ stallMs }) => stallMs)),
    firstTextAfterFullWindowMs: median(seen.map(({ firstMs }) => firstMs)),
    lastTextLateMs: median(seen.map(({ lastMs }) => lastMs)),
  };
}

async function exposed(tokens: number, latencyMs: number): Promise<Figures> {
  const stand = await standWith({ stream: 'trail' });
  await read(stand, tokens, latencyMs, 1);
  const seen = await read(stand, tokens, latencyMs, 2);
  await stand.governor.close();
  const all = seen.flatMap(({ decision }): readonly Exposure[] => decision.coverage.exposure ?? []);
  const mean = (of: (exposure: Exposure) => number): number => all.reduce((sum, one) => sum + of(one), 0) / all.length;
  return {
    meanUnits: mean((one) => one.mean.units),
    meanMs: mean((one) => one.mean.ms),
    mostUnits: mean((one) => one.most.units),
    expectedUnits: mean((one) => one.expected?.units ?? Number.NaN),
    expectedMs: mean((one) => one.expected?.ms ?? Number.NaN),
  };
}

/** Microseconds for a decision that no judge is asked about, with and without one in the governor. */
async function beside(): Promise<Figures> {
  const policy = {
    policy: 'bench',
    version: 1,
    detectors: [{ use: 'pii' }],
    rules: [{ id: 'pii', on: 'output', detect: 'pii', then: 'redact', reason: 'P_PII' }],
  } as const;
  const plain = await createGovernor({ policy });
  const judged = await createGovernor({ policy, detectors: [judgeDetector([])] });
  const text = 'The parcel left on Monday and should be with you by the end of the week. '.repeat(20);
  const time = async (governor: Governor): Promise<number> => {
    const start = performance.now();
    for (let round = 0; round < 40; round++) {
      const gate = await governor.openGate(governor.interaction({ tenant: 't' }).event({ stage: 'output' }));
      for (let at = 0; at < text.length; at += 5) gate.write('text', '', text.slice(at, at + 5));
      await gate.end();
    }
    return ((performance.now() - start) * 1000) / 40;
  };
  const rounds = { plain: [] as number[], judged: [] as number[] };
  for (let round = 0; round < 16; round++) {
    // By turns, or what warms up and what waits for other work of the machine would count for one of them.
    const order = round % 2 === 0 ? (['plain', 'judged'] as const) : (['judged', 'plain'] as const);
    for (const which of order) rounds[which].push(await time(which === 'plain' ? plain : judged));
  }
  await Promise.all([plain.close(), judged.close()]);
  return { usPerStream: Math.min(...rounds.plain), usPerStreamWithAJudgeThatIsNotAsked: Math.min(...rounds.judged) };
}

export async function bench(): Promise<Figures> {
  const figures: Record<string, unknown> = { units: UNITS, streamsAtATime: SLOTS };
  for (const [tokens, latency] of CELLS) {
    const hold = await standWith();
    const jumps = await standWith({}, { pace: 'at_once' });
    figures[`${tokens} tokens/s, judge of ${latency} ms`] = {
      even: readerOf(await read(hold, tokens, latency, 1)),
      atOnce: readerOf(await read(jumps, tokens, latency, 1)),
      trail: await exposed(tokens, latency),
    };
    await Promise.all([hold.governor.close(), jumps.governor.close()]);
  }
  return { ...figures, withoutAJudge: await beside() };
}
