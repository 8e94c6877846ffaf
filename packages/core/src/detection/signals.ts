import type { Signal } from '../contract/signal.ts';
import { roundScore } from './run-detector.ts';

/** Who found something: one object per pattern or per type of a code detector. */
export interface Source {
  readonly type: string;
  readonly score: number;
  readonly detector: string;
}

interface Draft {
  readonly source: Source;
  readonly segment: string;
  start: number;
  end: number;
}

/**
 * Collects signals while text is judged. Overlapping matches of one pattern are one signal: an open-ended pattern matches
 * again at every further unit, and that is still one finding.
 */
export class Signals {
  readonly #drafts: Draft[] = [];
  readonly #latest = new Map<Source, Draft[]>();

  add(source: Source, segment: string, start: number, end: number): void {
    let latest = this.#latest.get(source);
    if (latest === undefined) this.#latest.set(source, (latest = []));
    for (let at = latest.length - 1; at >= 0 && at >= latest.length - LOOK_BACK; at--) {
      const draft = latest[at]!;
      if (draft.segment !== segment || draft.end <= start || draft.start >= end) continue;
      if (start < draft.start) draft.start = start;
      if (end > draft.end) draft.end = end;
      return;
    }
    const draft: Draft = { source, segment, start, end };
    latest.push(draft);
    this.#drafts.push(draft);
  }

  /** Sorted by segment order, start, end, type, detector: the same text gives the same list however it arrived. */
  list(segments: readonly string[]): readonly Signal[] {
    if (this.#drafts.length === 0) return NONE;
    const order = new Map(segments.map((path, index) => [path, index]));
    const signals = this.#drafts.map(({ source, segment, start, end }): Signal =>
      Object.freeze({
        type: source.type,
        score: roundScore(source.score),
        detector: source.detector,
        segment,
        start,
        end,
      }),
    );
    return Object.freeze(
      signals.sort(
        (a, b) =>
          (order.get(a.segment) ?? 0) - (order.get(b.segment) ?? 0) ||
          a.start - b.start ||
          a.end - b.end ||
          compare(a.type, b.type) ||
          compare(a.detector, b.detector),
      ),
    );
  }
}

/** Matches of one pattern end in order, so only the newest can overlap; two texts of a kind may report the same one. */
const LOOK_BACK = 4;
const NONE: readonly Signal[] = Object.freeze([]);

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
