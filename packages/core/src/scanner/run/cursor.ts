/**
 * Where one stream stands in one automaton: a kernel, and a register with the start of each of its groups.
 *
 * A cursor moves through the cache as long as that is worth while, and without it for a while where it is not. Both
 * ways use the same `Stepper`, and both are linear in the text.
 */
import { CachedCursor } from './cached-cursor.ts';
import { type Dfa, LARGEST_KERNEL } from './dfa.ts';
import { Registers } from './registers.ts';
import { GROUP_END } from './step.ts';
import { UncachedCursor } from './uncached-cursor.ts';

/** The units that a cursor goes without the cache, and the share of its patience that it has when it tries again. */
const UNITS_WITHOUT_CACHE = 2;
const NEXT_SHARE = 1 / 32;
/** The same where the kernel is too large for the cache. */
const UNITS_UNTIL_NEXT_TRY = 256;

export class Cursor {
  private readonly dfa: Dfa;
  private readonly registers: Registers;
  private cached: CachedCursor;
  /** Set while the stream goes without the cache. */
  private uncached: UncachedCursor | undefined;
  private marked: readonly number[] | undefined;

  constructor(dfa: Dfa, from?: Cursor) {
    this.dfa = dfa;
    this.registers = from?.registers.copy() ?? new Registers();
    this.uncached = from?.uncached?.copy();
    this.cached = from?.cached.copy() ?? new CachedCursor(dfa, dfa.initial, dfa.patience, 0);
  }

  copy(): Cursor {
    return new Cursor(this.dfa, this);
  }

  /** Back to the beginning, for another text. */
  reset(): void {
    this.registers.reset();
    this.uncached = undefined;
    this.cached.reset(this.dfa.initial);
  }

  /** Remembers this place for `rewind`. Only while suspended. */
  mark(): void {
    const { uncached } = this;
    this.marked = uncached === undefined ? this.cached.kernel : uncached.kernel.slice(0, uncached.length);
    this.registers.mark();
  }

  rewind(): void {
    this.uncached = undefined;
    this.cached.reset(this.marked!);
    this.registers.rewind();
  }

  get alive(): number {
    return this.registers.count;
  }

  /** Where text is held from when `position` units have been scanned. */
  heldFrom(position: number): number {
    return this.registers.count > 0 ? this.registers.starts[0]! : position;
  }

  /** Goes as far as table lookups lead; returns the index of the first unit that needs `step`, or `to`. */
  advance(text: string, from: number, to: number, base: number): number {
    return this.uncached === undefined ? this.cached.advance(text, from, to, base, this.registers) : from;
  }

  /** One symbol at position `at`. Appends what matched to `matches`: pattern, start, place of the end. */
  step(unitClass: number, at: number, matches: number[]): void {
    const { dfa, uncached, cached, registers } = this;
    const { stepper } = dfa;
    if (uncached === undefined) {
      const next = cached.step(unitClass, at, registers, matches);
      if (next === 'go-on') return;
      const units = Math.ceil(dfa.patience * UNITS_WITHOUT_CACHE);
      if (next === 'out-of-credit') {
        cached.suspend();
        this.uncached = new UncachedCursor(stepper, cached.kernel, cached.kernel.length, units);
      } else this.uncached = new UncachedCursor(stepper, stepper.next, stepper.length, units);
      return;
    }
    uncached.step(unitClass, at, registers, matches);
    if (uncached.left > 0) return;
    if (uncached.length > LARGEST_KERNEL) {
      uncached.left = UNITS_UNTIL_NEXT_TRY;
      return;
    }
    this.cached = new CachedCursor(dfa, uncached.kernel.slice(0, uncached.length), dfa.patience * NEXT_SHARE, at);
    this.cached.resume();
    this.uncached = undefined;
  }

  /** Appends the matches that the end of the text completes. Nothing is alive afterwards. Only while suspended. */
  end(matches: number[]): void {
    const { kernel, length } = this.kernel();
    this.registers.collect(this.dfa.stepper.end(kernel, length), 0, matches);
    this.registers.count = 0;
  }

  /** Before anybody else may use the automaton. */
  suspend(): void {
    if (this.uncached === undefined) this.cached.suspend();
  }

  /** Before `advance` and `step`, after somebody else may have used the automaton. */
  resume(): void {
    if (this.uncached === undefined) this.cached.resume();
  }

  /** True if a thread of the pattern that started at or before `position` is alive. Only while suspended. */
  hasThread(pattern: number, position: number): boolean {
    const { owner } = this.dfa.stepper.closures;
    const { starts, count } = this.registers;
    const { kernel } = this.kernel();
    for (let i = 1, group = 0; group < count && starts[group]! <= position; i++) {
      const closure = kernel[i]!;
      if (closure === GROUP_END) group++;
      else if (owner[closure] === pattern) return true;
    }
    return false;
  }

  /** Gives up what stands before `position`. */
  dropBefore(position: number): void {
    this.registers.dropBefore(position);
  }

  private kernel(): { readonly kernel: readonly number[]; readonly length: number } {
    return this.uncached ?? { kernel: this.cached.kernel, length: this.cached.kernel.length };
  }
}
