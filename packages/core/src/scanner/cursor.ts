/**
 * Where one stream stands in one automaton: a state, and a register with the start of each of its groups.
 *
 *   starts[0] <= starts[1] <= ... <= starts[count - 1]      one per group of the state's kernel, oldest first
 *
 * A cursor moves through the cache as long as that is worth while. Text on which most steps must be computed anew (an evil
 * set of patterns, hostile text) would fill and flush the cache without end, so the cursor then steps on its own kernel for
 * a while, which costs more per unit than a lookup but less than a new state, and tries the cache again later. Both ways
 * use the same `Stepper`, and both are linear in the text.
 */
import { advance, reached } from './advance.ts';
import { ACTION, APPEND_BIT, type Dfa, KEEP_BIT, MAX_KEEP, OFFSET } from './dfa.ts';
import { ACCEPT_FIELDS, GROUP_END } from './step.ts';

/** A stream may compute one step in so many units for good, beyond the `patience` it has to begin with. */
const UNITS_PER_MISS = 8;
/** The share of its patience that a cursor gets when it tries the cache again, and the units it goes before that. */
const NEXT_SHARE = 1 / 32;
const UNITS_WITHOUT_CACHE = 2;

/** What a step drops and adds: an `Action`, or the stepper itself. */
interface Move {
  readonly kept: readonly number[];
  readonly appended: boolean;
  readonly accepts: readonly number[];
}

export class Cursor {
  private readonly dfa: Dfa;
  private state: number;
  private generation: number;
  /** The kernel when last suspended; without the cache, the kernel. */
  private kernel: readonly number[];
  /** Without the cache: the kernel, to be written to. */
  private own: number[] = [];
  private length: number;
  /** As many as the table can keep and one new: small enough for engines to keep beside the object. Actions make room for more. */
  private starts: Float64Array = new Float64Array(MAX_KEEP + 1);
  private count = 0;
  /** Units left to go without the cache. */
  private uncached = 0;
  /** Steps that may still be computed before the cache is given up for a while. */
  private credit: number;
  private lastMiss = 0;

  constructor(dfa: Dfa) {
    this.dfa = dfa;
    this.kernel = dfa.stepper.initial();
    this.length = this.kernel.length;
    this.state = dfa.intern(this.kernel, this.length);
    this.generation = dfa.generation;
    this.credit = dfa.patience;
  }

  copy(): Cursor {
    const other = new Cursor(this.dfa);
    other.state = this.state;
    other.generation = this.generation;
    other.own = this.own.slice();
    other.kernel = this.uncached > 0 ? other.own : this.kernel;
    other.length = this.length;
    other.starts = this.starts.slice();
    other.count = this.count;
    other.uncached = this.uncached;
    other.credit = this.credit;
    other.lastMiss = this.lastMiss;
    return other;
  }

  /** Where text is held from when `position` units have been scanned. */
  heldFrom(position: number): number {
    return this.count > 0 ? this.starts[0]! : position;
  }

  /** Goes as far as table lookups lead; returns the index of the first unit that needs `step`, or `to`. */
  advance(text: string, from: number, to: number, base: number): number {
    if (this.uncached > 0) return from;
    const { table, alphabet } = this.dfa;
    const i = advance(table, alphabet.unitClass, text, from, to, this.state, this.count, this.starts, base);
    this.state = reached[0]!;
    this.count = reached[1]!;
    return i;
  }

  /** One symbol at position `at`. Appends what matched to `matches`: pattern, start, place of the end. */
  step(unitClass: number, at: number, matches: number[]): void {
    if (this.uncached > 0) {
      this.stepUncached(unitClass, at, matches);
      return;
    }
    const { dfa } = this;
    const { misses } = dfa;
    const entry = dfa.entry(this.state, unitClass);
    this.generation = dfa.generation;
    if ((entry & ACTION) === 0) {
      this.count = (entry >> KEEP_BIT) & MAX_KEEP;
      this.starts[this.count] = at;
      this.count += entry >> APPEND_BIT;
      this.state = entry & OFFSET;
    } else {
      const action = dfa.actions[entry & OFFSET]!;
      this.move(action, at, matches);
      this.state = action.next;
    }
    if (dfa.misses !== misses) this.charge(at);
  }

  /** Appends the matches that the end of the text completes. Nothing is alive afterwards. */
  end(matches: number[]): void {
    this.collect(this.dfa.stepper.end(this.kernel, this.length), 0, matches);
    this.count = 0;
  }

  /** Remembers the state in a form that survives a flush of the cache, which other streams may cause. */
  suspend(): void {
    if (this.uncached > 0) return;
    this.kernel = this.dfa.kernelOf(this.state);
    this.length = this.kernel.length;
  }

  /** Finds the state again after others may have used the cache. */
  resume(): void {
    if (this.uncached > 0 || this.generation === this.dfa.generation) return;
    this.state = this.dfa.intern(this.kernel, this.length);
    this.generation = this.dfa.generation;
  }

  /** True if a thread of the pattern that started at or before `position` is alive. Only while suspended. */
  hasThread(pattern: number, position: number): boolean {
    const { nfa, node } = this.dfa.stepper.configs;
    for (let i = 1, group = 0; group < this.count && this.starts[group]! <= position; i++) {
      const config = this.kernel[i]!;
      if (config === GROUP_END) group++;
      else if (nfa.owner[node[config]!] === pattern) return true;
    }
    return false;
  }

  /**
   * Gives up what stands before `position`: older threads go on as if they had started there. Dropping them would lose
   * younger ones too, which the partition has merged into them.
   */
  dropBefore(position: number): void {
    for (let i = 0; i < this.count && this.starts[i]! < position; i++) this.starts[i] = position;
  }

  private move(move: Move, at: number, matches: number[]): void {
    const { kept } = move;
    this.collect(move.accepts, at, matches);
    for (let i = 0; i < kept.length; i++) this.starts[i] = this.starts[kept[i]!]!;
    this.count = kept.length;
    if (!move.appended) return;
    if (this.count === this.starts.length) {
      const larger = new Float64Array(this.count * 2);
      larger.set(this.starts);
      this.starts = larger;
    }
    this.starts[this.count++] = at;
  }

  private collect(accepts: readonly number[], at: number, matches: number[]): void {
    for (let i = 0; i < accepts.length; i += ACCEPT_FIELDS) {
      const group = accepts[i + 1]!;
      matches.push(accepts[i]!, group < 0 ? at : this.starts[group]!, accepts[i + 2]!);
    }
  }

  /** Counts a computed step; gives up the cache for a while if there were too many. */
  private charge(at: number): void {
    this.credit = Math.min(this.dfa.patience, this.credit - 1 + (at - this.lastMiss) / UNITS_PER_MISS);
    this.lastMiss = at;
    if (this.credit >= 0) return;
    this.suspend();
    this.kernel = this.own = this.kernel.slice();
    this.uncached = Math.ceil(this.dfa.patience * UNITS_WITHOUT_CACHE);
  }

  private stepUncached(unitClass: number, at: number, matches: number[]): void {
    const { stepper } = this.dfa;
    stepper.step(this.kernel, this.length, unitClass);
    this.move(stepper, at, matches);
    for (let i = 0; i < stepper.length; i++) this.own[i] = stepper.next[i]!;
    this.length = stepper.length;
    this.uncached--;
    if (this.uncached > 0) return;
    this.state = this.dfa.intern(this.kernel, this.length);
    this.generation = this.dfa.generation;
    this.own = [];
    this.credit = this.dfa.patience * NEXT_SHARE;
    this.lastMiss = at;
  }
}
