/** A stream that moves through the table of the automaton it shares with others. */
import { advance, reached } from './advance.ts';
import { ACTION, APPEND_BIT, type Dfa, KEEP_BIT, MAX_KEEP, OFFSET, TOO_LARGE, UNKNOWN } from './dfa.ts';
import { COLD } from './unit-classes.ts';
import type { Registers } from './registers.ts';

/** A stream may compute one step in so many units for good, beyond the `patience` it has to begin with. */
const UNITS_PER_MISS = 8;
/** A kernel of more entries counts as several steps. */
const KERNEL_PER_CREDIT = 16;

/** `too-large`: the next kernel is the stepper's, and the cursor does not stand in it. */
type Next = 'go-on' | 'out-of-credit' | 'too-large';

export class CachedCursor {
  /** The kernel when last suspended: what survives when others make the cache begin anew. */
  kernel: readonly number[];
  private readonly dfa: Dfa;
  /** Offset of the state's row in the table. Good in `generation` only. */
  private state = 0;
  private generation = -1;
  /** Steps that may still be computed before the cache is given up for a while. */
  private credit: number;
  private lastMiss: number;

  constructor(dfa: Dfa, kernel: readonly number[], credit: number, at: number) {
    this.dfa = dfa;
    this.kernel = kernel;
    this.credit = credit;
    this.lastMiss = at;
  }

  copy(): CachedCursor {
    const other = new CachedCursor(this.dfa, this.kernel, this.credit, this.lastMiss);
    other.state = this.state;
    other.generation = this.generation;
    return other;
  }

  /** As if just made, for another text. */
  reset(kernel: readonly number[]): void {
    this.kernel = kernel;
    this.generation = -1;
    this.credit = this.dfa.patience;
    this.lastMiss = 0;
  }

  /** Takes the state out of the cache, which other streams may now change. */
  suspend(): void {
    this.kernel = this.dfa.kernelOf(this.state);
  }

  /** Finds the state again. Must come before `advance` and `step`. */
  resume(): void {
    if (this.generation === this.dfa.generation) return;
    this.state = this.dfa.intern(this.kernel, this.kernel.length);
    this.generation = this.dfa.generation;
  }

  /**
   * Goes as far as table lookups lead that report nothing; returns the index of the first unit that needs `step`, or
   * `to`.
   */
  advance(text: string, from: number, to: number, base: number, registers: Registers): number {
    const { table, actions, classes } = this.dfa;
    const { unitClass } = classes;
    for (let i = from; ; i++) {
      i = advance(table, unitClass, text, i, to, this.state, registers.count, registers.starts, base);
      this.state = reached[0]!;
      registers.count = reached[1]!;
      if (i >= to) return i;
      const own = unitClass[text.charCodeAt(i)]!;
      const entry = own === COLD ? UNKNOWN : table[this.state + own]!;
      if (entry === UNKNOWN) return i;
      const action = actions[entry & OFFSET]!;
      if (action.accepts.length > 0) return i;
      registers.keep(action, base + i);
      this.state = action.next;
    }
  }

  /** One symbol at position `at`. Returns what the cursor can do next. */
  step(unitClass: number, at: number, registers: Registers, matches: number[]): Next {
    const { dfa } = this;
    const { misses } = dfa;
    const entry = dfa.entry(this.state, unitClass);
    if (entry === TOO_LARGE) {
      registers.move(dfa.stepper, at, matches);
      return 'too-large';
    }
    this.generation = dfa.generation;
    if ((entry & ACTION) === 0) {
      registers.count = (entry >> KEEP_BIT) & MAX_KEEP;
      registers.starts[registers.count] = at;
      registers.count += entry >> APPEND_BIT;
      this.state = entry & OFFSET;
    } else {
      const action = dfa.actions[entry & OFFSET]!;
      registers.move(action, at, matches);
      this.state = action.next;
    }
    return dfa.misses === misses || this.charge(at) ? 'go-on' : 'out-of-credit';
  }

  private charge(at: number): boolean {
    const cost = Math.max(1, this.dfa.stepper.length / KERNEL_PER_CREDIT);
    const earned = (at - this.lastMiss) / UNITS_PER_MISS;
    this.credit = Math.min(this.dfa.patience, this.credit - cost + earned);
    this.lastMiss = at;
    return this.credit >= 0;
  }
}
