/**
 * Between a lane and whoever listens to it: asks validators. A pattern with `candidates: 'all'` reports, for each end, the
 * leftmost start that its validator accepts. Candidates of a pattern with `leftmost-longest` wait (`waiting-candidates.ts`)
 * until no older or longer one can come; then the validator is asked once, as a search with a greedy `RegExp` would. Their
 * text is still held then, because the thread that might have made it longer held it.
 */
import type { Listener, Threads } from './lane.ts';
import type { ReverseMatcher } from './reverse.ts';
import type { TextMemory } from './text-memory.ts';
import { REPORT, UNITS_VALIDATED, VALIDATION } from './work.ts';
import { WaitingCandidates } from './waiting-candidates.ts';

/** What a set knows of a pattern with a validator. */
export interface Validated {
  readonly accepts: (match: string) => boolean;
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
  /** By pattern, what was reported last: an end may come up twice. */
  private readonly reported: Map<number, { readonly start: number; readonly end: number }> = new Map();
  /** By pattern with `leftmost-longest` that has had a candidate. */
  private readonly waiting: Map<number, WaitingCandidates> = new Map();
  /** How many of them have something that waits. */
  private waitingPatterns = 0;

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
    for (const [pattern, candidates] of from.waiting) this.waiting.set(pattern, candidates.copy(memory));
    this.waitingPatterns = from.waitingPatterns;
  }

  get isWaiting(): boolean {
    return this.waitingPatterns > 0;
  }

  reset(): void {
    this.reported.clear();
    this.waiting.clear();
    this.waitingPatterns = 0;
  }

  found(pattern: number, start: number, end: number, seen: number): boolean {
    const rule = this.validated[pattern];
    if (rule === undefined) return this.next.found(pattern, start, end, seen);
    if (rule.leftmostLongest) {
      this.wait(pattern, rule, start, end, seen);
      return false;
    }
    const { work } = rule.reverse;
    const starts = rule.reverse.starts(this.memory, start, end, seen);
    this.work += rule.reverse.work - work;
    const last = this.reported.get(pattern);
    for (const candidate of starts.toReversed()) {
      if (last !== undefined && last.end === end && last.start <= candidate) return false;
      if (!this.accepts(rule, candidate, end)) continue;
      this.reported.set(pattern, { start: candidate, end });
      return this.next.found(pattern, candidate, end, seen);
    }
    return false;
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
    this.work += VALIDATION + (end - start) / UNITS_VALIDATED;
    return rule.accepts(this.memory.stringOf(start, end, rule.folded));
  }
}
