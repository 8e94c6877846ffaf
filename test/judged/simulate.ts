// Streams that a slow judge reads, as their reader sees them: how long nothing moves, how late the last unit is, what
// left unjudged. Time is whatever `setTimeout` and `performance` say: real in the benchmark, simulated in the tests.
import type { Decision, Detector, DetectorInput, DetectorWindow, Finding, Governor } from '@flyball/core';
import { pull, sourceOf } from '@flyball/core/adapter';

export type Random = () => number;

/** Numbers from 0 to 1 that a seed decides (mulberry32). */
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** Log-normal about `median`, as latencies of services are. */
export function latencyAbout(median: number, random: Random, sigma = 0.25): () => number {
  return () => {
    const gauss = Math.sqrt(-2 * Math.log(random() + 1e-12)) * Math.cos(2 * Math.PI * random());
    return median * Math.exp(sigma * gauss);
  };
}

export const JUDGE_WINDOW: DetectorWindow = {
  first: 40,
  step: 240,
  overlap: 200,
  margin: 20,
  clockMs: 1000,
  inFlight: 4,
};

/** Streams that can be read at a time: each has a stretch of characters of its own. */
export const SLOTS = 13;
const FIRST_UNIT = 0x3400;
const SLOT_UNITS = 2048;

/** A text of which each unit says in which stream, and where, it stands. */
export const positions = (slot: number, units: number, from = 0): string =>
  Array.from({ length: units }, (_, index) => String.fromCharCode(FIRST_UNIT + slot * SLOT_UNITS + from + index)).join(
    '',
  );

/** Where a text of such units stands. */
function placeOf(text: string): { readonly slot: number; readonly from: number; readonly to: number } {
  const place = text.charCodeAt(0) - FIRST_UNIT;
  const from = place % SLOT_UNITS;
  return { slot: Math.floor(place / SLOT_UNITS), from, to: from + text.length };
}

/** One answer of a judge: the text from `from` to `to` was not settled before. */
export interface Verdict {
  readonly from: number;
  readonly to: number;
}

export interface Judging {
  /** Milliseconds until the next answer. */
  readonly latency: () => number;
  /** A passage that the judge objects to, once its window shows `need` units of it. */
  readonly bad?: { readonly from: number; readonly to: number; readonly need: number };
  /** What one answer does in place of answering: `hang`, `throw`. */
  readonly fault?: () => 'hang' | 'throw' | undefined;
}

/** The judge of one stream, and what it has answered so far. */
export interface ScriptedJudge {
  readonly verdicts: Verdict[];
  detect(input: DetectorInput): Promise<readonly Finding[]>;
}

export function scriptedJudge({ latency, bad, fault }: Judging): ScriptedJudge {
  const verdicts: Verdict[] = [];
  return {
    verdicts,
    async detect({ text, settled }) {
      const { from, to } = placeOf(text);
      const broken = fault?.();
      if (broken === 'hang') await new Promise(() => undefined);
      await sleep(latency());
      if (broken === 'throw') throw new Error('the judge is out of reach');
      verdicts.push({ from: from + settled, to });
      const seen = bad === undefined ? 0 : Math.min(to, bad.to) - Math.max(from, bad.from);
      return bad !== undefined && seen >= bad.need
        ? [{ type: 'harm', score: 0.9, start: settled, end: text.length }]
        : [];
    },
  };
}

/** A detector that asks the judge of whichever stream a text belongs to, by its slot. */
export function judgeDetector(
  judges: readonly ScriptedJudge[],
  { window = JUDGE_WINDOW, deadlineMs = 5000 }: { readonly window?: DetectorWindow; readonly deadlineMs?: number } = {},
): Detector {
  return {
    id: 'judge',
    version: '1',
    types: ['harm'],
    window,
    deadlineMs,
    detect: (input) => judges[placeOf(input.text).slot]!.detect(input),
  };
}

export interface Source {
  readonly units: number;
  /** Units of the next delta, and milliseconds before it. */
  readonly delta: () => { readonly units: number; readonly afterMs: number };
}

/** A model that writes so many tokens in a second, each of about 4.2 units. */
export function modelOf(units: number, tokensPerSecond: number, random: Random): Source {
  return {
    units,
    delta: () => ({
      units: Math.max(1, Math.round(4.2 + 3 * (random() - 0.5))),
      afterMs: (1000 / tokensPerSecond) * (0.6 + 0.8 * random()),
    }),
  };
}

/** What a reader saw. */
export interface Seen {
  /** Units that left, in order. */
  readonly text: string;
  readonly decision: Decision;
  /** Milliseconds from the moment the first window was full to the first text. */
  readonly firstMs: number;
  /** Milliseconds from the last unit's arrival to its leaving. */
  readonly lastMs: number;
  /** The longest time in which nothing moved, from the first text to the last. */
  readonly stallMs: number;
}

export interface Reading {
  readonly source: Source;
  /** From 0 to `SLOTS`: which judge reads it. */
  readonly slot: number;
  readonly firstWindow?: number;
  /** Asked of each piece as it leaves. */
  readonly left?: (from: number, to: number, arrived: number) => void;
}

/** Reads one governed stream to its end. */
export async function readStream(governor: Governor, { source, slot, firstWindow = 40, left }: Reading): Promise<Seen> {
  const gate = await governor.openGate(governor.interaction({ tenant: 't' }).event({ stage: 'output' }));
  let arrived = 0;
  let fullAt = 0;
  let endedAt = 0;
  async function* deltas(): AsyncGenerator<string> {
    while (arrived < source.units) {
      const { units, afterMs } = source.delta();
      await sleep(afterMs);
      const taken = Math.min(units, source.units - arrived);
      const text = positions(slot, taken, arrived);
      arrived += taken;
      if (fullAt === 0 && (arrived >= firstWindow || arrived === source.units)) fullAt = performance.now();
      yield text;
    }
    endedAt = performance.now();
  }
  let decision: Decision | undefined;
  const governed = pull(sourceOf(deltas()), gate, {
    accept: (text: string) => gate.write('text', '', text),
    release: (pieces) => pieces,
    end: (pieces, made) => ((decision = made), pieces),
    stop: (pieces, made) => ((decision = made), pieces),
  });
  let text = '';
  let firstAt = 0;
  let lastAt = 0;
  let stallMs = 0;
  for await (const piece of governed) {
    if (piece.kind !== 'text' || piece.text === '') continue;
    left?.(text.length, text.length + piece.text.length, arrived);
    text += piece.text;
    const now = performance.now();
    if (firstAt === 0) firstAt = now;
    else stallMs = Math.max(stallMs, now - lastAt);
    lastAt = now;
  }
  return { text, decision: decision!, firstMs: firstAt - fullAt, lastMs: lastAt - endedAt, stallMs };
}

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
