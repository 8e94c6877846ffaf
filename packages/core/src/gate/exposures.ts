import type { Ahead, Exposure } from '../contract/ruling.ts';
import type { PlanCode } from '../detection/plan.ts';
import type { JudgedSpan } from '../detection/windowed-detection.ts';

/** Sums over text that left before its judgement. */
interface Sums {
  units: number;
  ahead: number;
  ms: number;
}

interface StreamSums extends Sums {
  /** What `mean` was expected to be, before anything of this stream was judged. */
  readonly expected: Ahead | undefined;
  mostUnits: number;
  mostMs: number;
}

/** How far text had gone on when it was judged, by detector. */
export class Exposures {
  #sums: Map<string, StreamSums> | undefined;

  /** `released`: how far the text has left, in the positions of the span. */
  add(code: PlanCode, { from, to, beganAt, closedAt }: JudgedSpan, released: number, now: number): void {
    const { id } = code.detector;
    const all = (this.#sums ??= new Map<string, StreamSums>());
    let sums = all.get(id);
    if (sums === undefined) {
      sums = { expected: expectationOf(code), units: 0, ahead: 0, ms: 0, mostUnits: 0, mostMs: 0 };
      all.set(id, sums);
    }
    const units = Math.min(to, released) - from;
    if (units <= 0) return;
    // The first of them has all that left behind it, the last one what left after the window; in time alike.
    const ahead = units * (released - from - units / 2);
    const ms = units * (now - (beganAt + closedAt) / 2);
    sums.units += units;
    sums.ahead += ahead;
    sums.ms += ms;
    sums.mostUnits = Math.max(sums.mostUnits, released - from);
    sums.mostMs = Math.max(sums.mostMs, now - beganAt);
    learn(code, units, ahead, ms);
  }

  /** Sorted by detector; those of which nothing left unjudged are not listed. */
  get list(): readonly Exposure[] {
    if (this.#sums === undefined) return [];
    return [...this.#sums]
      .filter(([, { units }]) => units > 0)
      .map(([detector, sums]): Exposure => ({
        detector,
        mean: meanOf(sums),
        most: { units: sums.mostUnits, ms: Math.round(sums.mostMs) },
        ...(sums.expected !== undefined && { expected: sums.expected }),
      }))
      .toSorted((a, b) => (a.detector < b.detector ? -1 : 1));
  }
}

const meanOf = ({ units, ahead, ms }: Sums): Ahead => ({
  units: Math.round(ahead / units),
  ms: Math.round(ms / units),
});

/** What this process has seen of detectors that judge behind the text; older windows count less and less. */
const seen = new WeakMap<PlanCode, Sums>();
const FADE = 0.99;

function learn(code: PlanCode, units: number, ahead: number, ms: number): void {
  let all = seen.get(code);
  if (all === undefined) seen.set(code, (all = { units: 0, ahead: 0, ms: 0 }));
  all.units = all.units * FADE + units;
  all.ahead = all.ahead * FADE + ahead;
  all.ms = all.ms * FADE + ms;
}

function expectationOf(code: PlanCode): Ahead | undefined {
  const all = seen.get(code);
  return all === undefined ? undefined : meanOf(all);
}
