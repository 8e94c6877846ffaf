/**
 * Where the groups of a stream's kernel began. Kept beside the state, because equal kernels behave alike wherever in
 * the text they occur.
 *
 *   starts[0] <= starts[1] <= ... <= starts[count - 1]      one per group of the kernel, oldest first
 */
import { MAX_KEEP } from './dfa.ts';
import { ACCEPT_FIELDS } from './step.ts';

/** What a step does to the registers, and what it reports. */
export interface Move {
  /** Groups that live on, by their number before the step, in order. */
  readonly kept: readonly number[];
  /** True if threads that start at this unit are a new last group. */
  readonly appended: boolean;
  /** What matched, by `ACCEPT_FIELDS`. */
  readonly accepts: readonly number[];
}

const NO_STARTS = new Float64Array(0);

export class Registers {
  /**
   * As many as the table can keep and one new: small enough for engines to keep beside the object. Moves make room for
   * more.
   */
  starts: Float64Array = new Float64Array(MAX_KEEP + 1);
  count = 0;
  private marked: Float64Array = NO_STARTS;
  private markedCount = 0;

  reset(): void {
    this.count = 0;
  }

  /** Remembers the starts for `rewind`. */
  mark(): void {
    const { count, starts } = this;
    if (this.marked.length < count) this.marked = new Float64Array(starts.length);
    for (let i = 0; i < count; i++) this.marked[i] = starts[i]!;
    this.markedCount = count;
  }

  rewind(): void {
    this.starts.set(this.marked.subarray(0, this.markedCount));
    this.count = this.markedCount;
  }

  copy(): Registers {
    const other = new Registers();
    other.starts = this.starts.slice();
    other.count = this.count;
    return other;
  }

  /** Makes the move of a unit at position `at`. Appends what matched to `matches`: pattern, start, place of the end. */
  move(move: Move, at: number, matches: number[]): void {
    this.collect(move.accepts, at, matches);
    this.keep(move, at);
  }

  /** The part of a move that reports nothing. */
  keep({ kept, appended }: Move, at: number): void {
    const { starts } = this;
    const { length } = kept;
    for (let i = 0; i < length; i++) starts[i] = starts[kept[i]!]!;
    this.count = length;
    if (appended) this.append(at);
  }

  collect(accepts: readonly number[], at: number, matches: number[]): void {
    for (let i = 0; i < accepts.length; i += ACCEPT_FIELDS) {
      const group = accepts[i + 1]!;
      matches.push(accepts[i]!, group < 0 ? at : this.starts[group]!, accepts[i + 2]!);
    }
  }

  /**
   * Gives up what stands before `position`: older threads go on as if they had started there. Dropping them would lose
   * younger ones too, which the partition has merged into them.
   */
  dropBefore(position: number): void {
    for (let i = 0; i < this.count && this.starts[i]! < position; i++) this.starts[i] = position;
  }

  private append(at: number): void {
    if (this.count === this.starts.length) {
      const larger = new Float64Array(this.count * 2);
      larger.set(this.starts);
      this.starts = larger;
    }
    this.starts[this.count++] = at;
  }
}
