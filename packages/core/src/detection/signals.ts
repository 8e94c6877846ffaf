import type { Finding } from '../contract/detector.ts';
import type { Signal } from '../contract/signal.ts';

/** Who found something: one object per pattern or per type of a code detector. */
export interface Source {
  readonly type: string;
  readonly score: number;
  readonly detector: string;
}

/** A signal while more of the same may be found. */
interface OpenSignal {
  start: number;
  end: number;
  joined: boolean;
}

/** Finds the one object that stands for a source, so that findings of one source are known as such by identity. */
export class Sources {
  #known: Map<string, Source> | undefined;

  of(detector: string, { type, score }: Pick<Finding, 'type' | 'score'>): Source {
    const key = `${detector}\n${type}\n${score}`;
    const known = (this.#known ??= new Map<string, Source>());
    let source = known.get(key);
    if (source === undefined) known.set(key, (source = { type, score, detector }));
    return source;
  }
}

/**
 * Collects signals while text is judged. Overlapping findings of one source in one segment are one signal, whatever the
 * stage and the order they come in: an open-ended pattern matches again at every further unit, and that is still one
 * finding. `AKIA...` found at 3..23 and again at 3..24 is the signal 3..24, which `count` counts once.
 */
export class Signals {
  /** Per source and segment: disjoint, in order. Absent while nothing was found: a stream keeps it open for long. */
  #open: Map<Source, Map<string, OpenSignal[]>> | undefined;

  /** `joined`: no single segment holds the match. What was also found in the segment itself is not joined. */
  add(source: Source, segment: string, start: number, end: number, joined = false): void {
    const open = (this.#open ??= new Map<Source, Map<string, OpenSignal[]>>());
    let bySegment = open.get(source);
    if (bySegment === undefined) open.set(source, (bySegment = new Map<string, OpenSignal[]>()));
    const list = bySegment.get(segment);
    if (list === undefined) {
      bySegment.set(segment, [{ start, end, joined }]);
      return;
    }
    // Findings come nearly in order, so nearly all work happens at the end of the list.
    let to = list.length;
    while (to > 0 && list[to - 1]!.start >= end) to--;
    let from = to;
    while (from > 0 && list[from - 1]!.end > start) from--;
    if (from === to) {
      list.splice(from, 0, { start, end, joined });
      return;
    }
    const first = list[from]!;
    first.start = Math.min(first.start, start);
    first.end = Math.max(list[to - 1]!.end, end);
    first.joined = joined && list.slice(from, to).every((signal) => signal.joined);
    if (to - from > 1) list.splice(from + 1, to - from - 1);
  }

  /** Sorted by segment order, start, end, type, detector: the same text gives the same list however it arrived. */
  list(segments: readonly string[]): readonly Signal[] {
    if (this.#open === undefined) return NONE;
    const order = new Map(segments.map((path, index) => [path, index]));
    const signals: Signal[] = [];
    for (const [{ type, score, detector }, bySegment] of this.#open) {
      for (const [segment, list] of bySegment) {
        for (const { start, end, joined } of list) {
          const rounded = roundScore(score);
          signals.push(
            Object.freeze({
              type,
              score: rounded,
              detector,
              segment,
              start,
              end,
              ...(joined && { joined: true as const }),
            }),
          );
        }
      }
    }
    return Object.freeze(
      signals.sort(
        (a, b) =>
          (order.get(a.segment) ?? 0) - (order.get(b.segment) ?? 0) ||
          a.start - b.start ||
          a.end - b.end ||
          compare(a.type, b.type) ||
          compare(a.detector, b.detector) ||
          a.score - b.score,
      ),
    );
  }
}

const NONE: readonly Signal[] = Object.freeze([]);

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Scores are rounded so that records hash alike on every machine. */
function roundScore(score: number): number {
  return Math.round(score * 1e6) / 1e6;
}
