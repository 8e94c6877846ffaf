/**
 * Between a lane and whoever listens to it: asks validators. A pattern with `candidates: 'all'` reports, for each end,
 * the leftmost start that its validator accepts. Candidates of a pattern with `leftmost-longest` wait
 * (`waiting-candidates.ts`) until no older or longer one can come; then the validator is asked once, as a search with a
 * greedy `RegExp` would. Their text is still held then, because the thread that might have made it longer held it.
 */
import type { Listener, Threads } from './lane.ts';
import type { ReverseMatcher } from './reverse.ts';
import type { TextMemory } from './text-memory.ts';
import { REPORT, UNITS_VALIDATED, VALIDATION } from './work.ts';
import { WaitingCandidates } from './waiting-candidates.ts';
import type { Beginnings } from '../types.ts';

/** What a set knows of a pattern with a validator. */
export interface Validated {
  /** Absent: it accepts everything, and is there so that text is held. */
  readonly accepts: ((match: string) => boolean) | undefined;
  /** `Beginnings` are asked first. */
  readonly announced: boolean;
  readonly reverse: ReverseMatcher;
  readonly folded: boolean;
  readonly leftmostLongest: boolean;
}

export class CandidateValidator implements Listener {
  /** Work of validators and of the search for what to ask them. */
  work = 0;
  private readonly next: Listener;
  private readonly validated: readonly (Validated | undefined)[];
  private readonly memory: TextMemory;
  private readonly begins: Beginnings | undefined;
  /** By pattern, what was reported last: an end may come up twice. */
  private readonly reported: Map<number, { readonly start: number; readonly end: number }> = new Map();
  /** By pattern with `leftmost-longest` that has had a candidate. */
  private readonly waiting: Map<number, WaitingCandidates> = new Map();
  /** How many of them have something that waits. */
  private waitingPatterns = 0;
  /** Starts up to here may be where text was given up, and not where a match begins. */
  private floor = 0;

  constructor(
    next: Listener,
    validated: readonly (Validated | undefined)[],
    memory: TextMemory,
    begins: Beginnings | undefined,
    from?: CandidateValidator,
  ) {
    this.next = next;
    this.validated = validated;
    this.memory = memory;
    this.begins = begins;
    if (from === undefined) return;
    for (const [pattern, last] of from.reported) this.reported.set(pattern, last);
    for (const [pattern, candidates] of from.waiting) this.waiting.set(pattern, candidates.copy(memory));
    this.waitingPatterns = from.waitingPatterns;
    this.floor = from.floor;
  }

  get isWaiting(): boolean {
    return this.waitingPatterns > 0;
  }

  reset(): void {
    this.reported.clear();
    this.waiting.clear();
    this.waitingPatterns = 0;
    this.floor = 0;
  }

  found(pattern: number, start: number, end: number, seen: number): boolean {
    const rule = this.validated[pattern];
    if (rule === undefined) return this.next.found(pattern, start, end, seen);
    if (rule.leftmostLongest) {
      this.wait(pattern, rule, start, end, seen);
      return false;
    }
    if (rule.announced && this.begins?.(pattern, start, end) === false) {
      this.work += REPORT;
      return false;
    }
    const last = this.reported.get(pattern);
    const known = last?.end === end ? last.start : Number.POSITIVE_INFINITY;
    if (known <= start) return false;
    // Most candidates are what they look like: only where the leftmost start is refused are the others looked for.
    const isStart = start > this.floor || this.floor === 0;
    const accepted =
      isStart && this.accepts(rule, start, end)
        ? start
        : this.acceptedFrom(isStart ? start + 1 : start, rule, end, seen, known);
    if (accepted === undefined) return false;
    this.reported.set(pattern, { start: accepted, end });
    return this.next.found(pattern, accepted, end, seen);
  }

  /** The leftmost start from `lowest` on, and before `known`, that the validator accepts. */
  private acceptedFrom(lowest: number, rule: Validated, end: number, seen: number, known: number): number | undefined {
    const { work } = rule.reverse;
    const starts = rule.reverse.starts(this.memory, lowest, end, seen);
    this.work += rule.reverse.work - work;
    for (let i = starts.length - 1; i >= 0 && starts[i]! < known; i--) {
      if (this.accepts(rule, starts[i]!, end)) return starts[i];
    }
    return undefined;
  }

  /** Called after each unit while candidates wait, and at the end of the text. */
  settle(lane: Threads, seen: number): boolean {
    let stop = false;
    for (const [pattern, candidates] of this.waiting) {
      if (candidates.isEmpty) continue;
      this.work += REPORT;
      while (!candidates.isEmpty && !lane.hasThread(pattern, candidates.first)) {
        const start = candidates.first;
        const { work } = this.validated[pattern]!.reverse;
        const end = candidates.settle();
        this.work += this.validated[pattern]!.reverse.work - work;
        if (this.decide(pattern, start, end, seen)) stop = true;
      }
      if (candidates.isEmpty) this.waitingPatterns--;
    }
    return stop;
  }

  /** Gives up candidates that start before `position`. */
  dropBefore(position: number): void {
    this.floor = Math.max(this.floor, position);
    for (const candidates of this.waiting.values()) {
      if (candidates.isEmpty) continue;
      candidates.dropBefore(position);
      if (candidates.isEmpty) this.waitingPatterns--;
    }
  }

  private wait(pattern: number, rule: Validated, start: number, end: number, seen: number): void {
    let candidates = this.waiting.get(pattern);
    if (candidates === undefined) {
      candidates = new WaitingCandidates(rule.reverse, this.memory);
      this.waiting.set(pattern, candidates);
    }
    const { isEmpty } = candidates;
    const { work } = rule.reverse;
    candidates.add(start, end, seen);
    this.work += rule.reverse.work - work;
    if (isEmpty && !candidates.isEmpty) this.waitingPatterns++;
  }

  private decide(pattern: number, start: number, end: number, seen: number): boolean {
    const rule = this.validated[pattern]!;
    return this.accepts(rule, start, end) && this.next.found(pattern, start, end, seen);
  }

  private accepts(rule: Validated, start: number, end: number): boolean {
    if (rule.accepts === undefined) return true;
    this.work += VALIDATION + (end - start) / UNITS_VALIDATED;
    return rule.accepts(this.memory.stringOf(start, end, rule.folded));
  }
}
