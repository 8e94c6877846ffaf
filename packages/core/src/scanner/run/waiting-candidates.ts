/**
 * Candidates of one `leftmost-longest` pattern that something older or longer may still replace.
 *
 * An end waits with the leftmost start that the automaton gave it. The only question after each unit is whether a
 * thread that began at or before `first`, the smallest start of all that wait, is alive; so the work per unit does not
 * grow with what waits. All starts of an end are asked of the reversed pattern once, and only when its leftmost start
 * lies before what was settled: candidates do not overlap.
 */
import type { ReverseMatcher } from './reverse.ts';
import type { TextMemory } from './text-memory.ts';

interface End {
  readonly end: number;
  leftmost: number;
  /** How far the text was known when the end was found. */
  readonly seen: number;
  /** All its starts from `lowest` on, rightmost first; made when they are first needed. */
  starts?: readonly number[];
}

const NO_START = Number.POSITIVE_INFINITY;

export class WaitingCandidates {
  /** The smallest start of what waits. */
  first: number = NO_START;
  private readonly reverse: ReverseMatcher;
  private readonly memory: TextMemory;
  /** In the order of the text. */
  private ends: End[] = [];
  /** No candidate may start before it: something was settled up to here, or the text was given up. */
  private lowest = 0;

  constructor(reverse: ReverseMatcher, memory: TextMemory) {
    this.reverse = reverse;
    this.memory = memory;
  }

  copy(memory: TextMemory): WaitingCandidates {
    const other = new WaitingCandidates(this.reverse, memory);
    other.first = this.first;
    other.ends = this.ends.map((end) => ({ ...end }));
    other.lowest = this.lowest;
    return other;
  }

  get isEmpty(): boolean {
    return this.ends.length === 0;
  }

  add(leftmost: number, end: number, seen: number): void {
    const { ends, lowest } = this;
    if (end <= lowest) return;
    const one: End = { end, leftmost, seen };
    const last = ends[ends.length - 1];
    if (last?.end === end) {
      // Reported again, with what the next unit has made certain.
      ends.pop();
      one.leftmost = Math.min(leftmost, last.leftmost);
    }
    // Nothing can start before `lowest`, so if something starts there it is the first.
    const first = this.first === lowest ? lowest : this.firstOf(one);
    if (first === NO_START) return;
    ends.push(one);
    this.first = Math.min(this.first, first);
  }

  /** Takes out the longest candidate that starts at `first`, and all that overlap it. Returns its end. */
  settle(): number {
    let last = this.ends.length - 1;
    while (!this.canStart(this.ends[last]!, this.first)) last--;
    const { end } = this.ends[last]!;
    this.lowest = end;
    this.keepFrom(last + 1);
    return end;
  }

  /** Gives up candidates that start before `position`. */
  dropBefore(position: number): void {
    if (position <= this.lowest) return;
    this.lowest = position;
    this.keepFrom(0);
  }

  /** Of the ends from an index on, keeps those that have a start at or after `lowest`. */
  private keepFrom(index: number): void {
    const { lowest } = this;
    const kept: End[] = [];
    this.first = NO_START;
    for (let i = index; i < this.ends.length; i++) {
      const one = this.ends[i]!;
      // Once a start at `lowest` is known, whether others have one is asked when they are settled.
      const first = this.first === lowest ? lowest : this.firstOf(one);
      if (first === NO_START) continue;
      this.first = Math.min(this.first, first);
      kept.push(one);
    }
    this.ends = kept;
  }

  /** The smallest start of an end at or after `lowest`. */
  private firstOf(one: End): number {
    if (one.leftmost >= this.lowest) return one.leftmost;
    const starts = this.startsOf(one);
    const at = lastAtOrAfter(starts, this.lowest);
    return at < 0 ? NO_START : starts[at]!;
  }

  private canStart(one: End, start: number): boolean {
    if (one.leftmost >= start) return one.leftmost === start;
    const starts = this.startsOf(one);
    const at = lastAtOrAfter(starts, start);
    return at >= 0 && starts[at] === start;
  }

  private startsOf(one: End): readonly number[] {
    // What the memory has forgotten was released, so no candidate begins there.
    const from = Math.max(one.leftmost, this.lowest, this.memory.first);
    return (one.starts ??= this.reverse.starts(this.memory, from, one.end, one.seen));
  }
}

/** Index of the smallest start at or after `lowest` in a descending list; -1 if there is none. */
function lastAtOrAfter(starts: readonly number[], lowest: number): number {
  let low = 0;
  let high = starts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (starts[middle]! >= lowest) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
