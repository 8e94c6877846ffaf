/**
 * Between a lane and whoever listens to it: asks validators. A pattern with `candidates: 'all'` reports, for each end, the leftmost start
 * that its validator accepts. One with `leftmost-longest` waits until no older or longer candidate can come and then asks
 * once, as a search with a greedy `RegExp` would; its text is still held then, because the thread that might have made it
 * longer held it.
 */
import type { Lane, Listener } from './lane.ts';
import type { ReverseMatcher } from './reverse.ts';
import type { TextMemory } from './text-memory.ts';

/** What a set knows of a pattern with a validator. */
export interface Validated {
  readonly accepts: (match: string) => boolean;
  readonly reverse: ReverseMatcher;
  readonly folded: boolean;
  readonly leftmostLongest: boolean;
}

/** Ends of candidates with the starts they may have. */
type Waiting = Map<number, readonly number[]>;

export class CandidateValidator implements Listener {
  private readonly next: Listener;
  private readonly validated: readonly (Validated | undefined)[];
  private readonly memory: TextMemory;
  /** By pattern, what was reported last: an end may come up twice. */
  private readonly reported: Map<number, { readonly start: number; readonly end: number }> = new Map();
  private readonly waiting: Map<number, Waiting> = new Map();
  /** By pattern, where the last settled candidate ended: candidates do not overlap. */
  private readonly settledTo: Map<number, number> = new Map();

  constructor(
    next: Listener,
    validated: readonly (Validated | undefined)[],
    memory: TextMemory,
    from?: CandidateValidator,
  ) {
    this.next = next;
    this.validated = validated;
    this.memory = memory;
    if (from === undefined) return;
    for (const [pattern, last] of from.reported) this.reported.set(pattern, last);
    for (const [pattern, ends] of from.waiting) this.waiting.set(pattern, new Map(ends));
    for (const [pattern, end] of from.settledTo) this.settledTo.set(pattern, end);
  }

  get isWaiting(): boolean {
    return this.waiting.size > 0;
  }

  reset(): void {
    this.reported.clear();
    this.waiting.clear();
    this.settledTo.clear();
  }

  found(pattern: number, start: number, end: number, seen: number): boolean {
    const rule = this.validated[pattern];
    if (rule === undefined) return this.next.found(pattern, start, end, seen);
    const starts = rule.reverse.starts(this.memory, start, end, seen);
    if (rule.leftmostLongest) {
      this.wait(pattern, end, starts);
      return false;
    }
    const last = this.reported.get(pattern);
    for (const candidate of starts.toReversed()) {
      if (last !== undefined && last.end === end && last.start <= candidate) return false;
      if (!rule.accepts(this.memory.stringOf(candidate, end, rule.folded))) continue;
      this.reported.set(pattern, { start: candidate, end });
      return this.next.found(pattern, candidate, end, seen);
    }
    return false;
  }

  /** Called after each unit while candidates wait, and at the end of the text. */
  settle(lane: Lane, seen: number): boolean {
    let stop = false;
    for (const [pattern, ends] of this.waiting) {
      while (ends.size > 0) {
        const start = Math.min(...[...ends.values()].flat());
        if (lane.hasThread(pattern, start)) break;
        const end = Math.max(...[...ends].filter(([, starts]) => starts.includes(start)).map(([at]) => at));
        if (this.decide(pattern, start, end, seen)) stop = true;
        this.keep(ends, end, (candidate) => candidate >= end);
        this.settledTo.set(pattern, end);
      }
      if (ends.size === 0) this.waiting.delete(pattern);
    }
    return stop;
  }

  /** Gives up candidates that start before `position`. */
  dropBefore(position: number): void {
    for (const [pattern, ends] of this.waiting) {
      this.keep(ends, 0, (candidate) => candidate >= position);
      if (ends.size === 0) this.waiting.delete(pattern);
    }
  }

  private wait(pattern: number, end: number, starts: readonly number[]): void {
    const free = starts.filter((start) => start >= (this.settledTo.get(pattern) ?? 0));
    if (free.length === 0) return;
    const ends = this.waiting.get(pattern) ?? new Map<number, readonly number[]>();
    ends.set(end, [...(ends.get(end) ?? []), ...free]);
    this.waiting.set(pattern, ends);
  }

  private decide(pattern: number, start: number, end: number, seen: number): boolean {
    const rule = this.validated[pattern]!;
    return rule.accepts(this.memory.stringOf(start, end, rule.folded)) && this.next.found(pattern, start, end, seen);
  }

  private keep(ends: Waiting, after: number, isKept: (start: number) => boolean): void {
    for (const [end, starts] of ends) {
      const kept = end > after ? starts.filter(isKept) : [];
      if (kept.length === 0) ends.delete(end);
      else ends.set(end, kept);
    }
  }
}
