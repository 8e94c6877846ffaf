/**
 * The lazy automaton: steps are computed once and kept in a table, so that scanning is one load per unit.
 *
 * A state is a kernel (see `step.ts`); its number times `stride` is its offset in the table. An entry says where to go
 * and what happens to the registers that hold the groups' starts:
 *
 *   0             the step has not been computed
 *   bit 30        something out of the ordinary: bits 0..29 number an `Action`, from 1 on
 *   bit 29        append this unit as a start, behind those kept
 *   bits 25..27   how many starts to keep: the oldest ones; younger groups have died
 *   bits 0..24    offset of the next state, never 0: the first row belongs to no state
 *
 * The cache is bounded. When it is full it is emptied and a new generation begins; a stream that stands in a state of
 * an older generation carries that state's kernel and enters the new one with it, so no stream depends on the cache.
 */
import { Alike } from './alike.ts';
import { UnitClasses } from './unit-classes.ts';
import type { Configs } from '../build/configs.ts';
import type { Folding } from '../unicode/fold.ts';
import { Stepper } from './step.ts';
import { KERNEL_ENTRY } from './work.ts';

export const APPEND_BIT = 29;
export const KEEP_BIT = 25;
/**
 * The most starts that an ordinary entry can keep: with one new they fill 64 bytes, which engines keep on their own
 * heap.
 */
export const MAX_KEEP = 7;
export const ACTION = 0x40000000;
export const OFFSET = 0x01ffffff;
/** Entries that a table may have: 8 MB, however many classes there are. */
const MOST_ENTRIES = 2_097_152;
/** Entries that the kernels in the cache may have together: 16 MB. */
const MOST_KERNEL_ENTRIES = 2_000_000;
/** A larger kernel is not worth a state: it would hardly come up again. */
export const LARGEST_KERNEL = 1024;
/** Memory is full of it before anybody writes, so a table that has just grown costs nothing where it is not used. */
export const UNKNOWN = 0;
/** The step leads to a kernel that is too large for the cache: it is the stepper's own. */
export const TOO_LARGE = -2;

/** A step that reports matches, or drops groups that are older than one that lives on, or has too many of them. */
export interface Action {
  /** Offset of the next state. */
  readonly next: number;
  readonly kept: readonly number[];
  readonly appended: boolean;
  readonly accepts: readonly number[];
}

export interface CacheLimits {
  readonly maxStates: number;
  readonly patience: number;
}

const FIRST_CAPACITY = 64;
/** In place of the state and the action that have number 0. */
const NO_KERNEL: readonly number[] = [];
const NO_ACTION: Action = { next: 0, kept: [], appended: false, accepts: [] };

export class Dfa {
  readonly classes: UnitClasses;
  readonly stepper: Stepper;
  /** The kernel before the first unit. */
  readonly initial: readonly number[];
  readonly maxStates: number;
  /** Steps that a stream may compute in a row of bad luck before it goes on without the cache. */
  readonly patience: number;
  table: Int32Array;
  actions: Action[] = [NO_ACTION];
  generation = 0;
  /** Steps computed since the automaton was made. */
  misses = 0;
  /** Of those, steps that led to a kernel too large for the cache. */
  tooLarge = 0;

  private readonly stride: number;
  private readonly alike: Alike;
  private capacity = FIRST_CAPACITY;
  private kernels: (readonly number[])[] = [NO_KERNEL];
  private kernelEntries = 0;
  /** Open addressing: a state, or 0. */
  private slots: Int32Array = new Int32Array(FIRST_CAPACITY * 4);
  /** Steps on cold classes, by state and class. */
  private cold: Map<number, number> = new Map();
  private actionIds: Map<number | string, number> = new Map();

  constructor(configs: Configs, folding: Folding | undefined, { maxStates, patience }: CacheLimits) {
    this.patience = patience;
    const folds = configs.nfa.fragments.some(({ folded }) => folded);
    this.classes = new UnitClasses(configs.letters, folds ? folding : undefined);
    this.stepper = new Stepper(configs, this.classes);
    this.alike = new Alike(this.stepper.closures, this.classes);
    this.initial = this.stepper.initial();
    this.stride = this.classes.stride;
    this.maxStates = Math.max(2, Math.min(maxStates, Math.floor(MOST_ENTRIES / this.stride)));
    this.table = new Int32Array(this.capacity * this.stride);
  }

  get states(): number {
    return this.kernels.length - 1;
  }

  /** Bytes of the transition table. */
  get tableBytes(): number {
    return this.table.byteLength;
  }

  kernelOf(state: number): readonly number[] {
    return this.kernels[state / this.stride]!;
  }

  /** Offset of the state with this kernel. Begins a new generation if the cache is full. */
  intern(kernel: readonly number[], length: number): number {
    const mask = this.slots.length - 1;
    let slot = hash(kernel, length) & mask;
    for (; this.slots[slot] !== 0; slot = (slot + 1) & mask) {
      const id = this.slots[slot]!;
      if (isSame(this.kernels[id]!, kernel, length)) return id * this.stride;
    }
    if (this.states >= this.maxStates || this.kernelEntries > MOST_KERNEL_ENTRIES) {
      const copy = kernel.slice(0, length);
      this.flush();
      return this.intern(copy, length);
    }
    const id = this.kernels.length;
    if (id >= this.capacity) this.grow();
    this.kernels.push(kernel.slice(0, length));
    this.kernelEntries += length;
    this.place(slot, id);
    return id * this.stride;
  }

  /**
   * The entry for a state and a class, computed if need be; `TOO_LARGE` if there can be none. May begin a new
   * generation: then only the entry is valid.
   */
  entry(state: number, unitClass: number): number {
    const known =
      unitClass < this.stride
        ? this.table[state + unitClass]!
        : (this.cold.get(state * 0x10000 + unitClass) ?? UNKNOWN);
    return known === UNKNOWN ? this.compute(state, unitClass) : known;
  }

  private compute(state: number, unitClass: number): number {
    const { stepper } = this;
    const kernel = this.kernelOf(state);
    this.misses++;
    stepper.step(kernel, kernel.length, unitClass);
    if (stepper.length > LARGEST_KERNEL) {
      this.tooLarge++;
      return TOO_LARGE;
    }
    stepper.work += stepper.length * KERNEL_ENTRY;
    const { generation } = this;
    const next = this.intern(stepper.next, stepper.length);
    const entry = this.encode(next);
    // After a flush the old state is gone; the entry is good for the caller's one step.
    if (generation !== this.generation) return entry;
    if (unitClass < this.stride) {
      this.alike.find(kernel, kernel.length, unitClass);
      this.alike.fill(this.table, state, entry);
    } else this.cold.set(state * 0x10000 + unitClass, entry);
    return entry;
  }

  private encode(next: number): number {
    const { accepts, kept, appended, keepsOldest } = this.stepper;
    if (accepts.length === 0 && keepsOldest && kept.length <= MAX_KEEP) {
      return next | (kept.length << KEEP_BIT) | (appended ? 1 << APPEND_BIT : 0);
    }
    const key = this.actionKey(next);
    let id = this.actionIds.get(key);
    if (id === undefined) {
      id = this.actions.length;
      this.actions.push({ next, kept: kept.slice(), appended, accepts: accepts.slice() });
      this.actionIds.set(key, id);
    }
    return ACTION | id;
  }

  /** Most actions only drop the oldest groups, or keep more than an entry can say: a number names those. */
  private actionKey(next: number): number | string {
    const { accepts, kept, appended } = this.stepper;
    const { length } = kept;
    const first = kept[0] ?? 0;
    const isRange = length === 0 || kept[length - 1]! - first === length - 1;
    if (accepts.length === 0 && isRange && first < 64 && length < 64) {
      return ((next * 64 + first) * 64 + length) * 2 + (appended ? 1 : 0);
    }
    return `${next}:${appended}:${kept.join()}:${accepts.join()}`;
  }

  private flush(): void {
    this.generation++;
    this.kernels = [NO_KERNEL];
    this.kernelEntries = 0;
    this.actions = [NO_ACTION];
    this.actionIds = new Map();
    this.cold = new Map();
    // A small table that grows again costs less at one time than clearing a large one.
    this.capacity = FIRST_CAPACITY;
    this.slots = new Int32Array(FIRST_CAPACITY * 4);
    this.table = new Int32Array(this.capacity * this.stride);
  }

  private grow(): void {
    // A large table grows in smaller steps: most of its memory should hold states.
    const factor = this.capacity < 4096 ? 2 : 1.25;
    this.capacity = Math.min(this.maxStates + 1, Math.ceil(this.capacity * factor));
    const larger = new Int32Array(this.capacity * this.stride);
    larger.set(this.table);
    this.table = larger;
  }

  private place(slot: number, id: number): void {
    this.slots[slot] = id;
    if (this.kernels.length * 2 < this.slots.length) return;
    this.slots = new Int32Array(this.slots.length * 2);
    const mask = this.slots.length - 1;
    for (let other = 1; other < this.kernels.length; other++) {
      const kernel = this.kernels[other]!;
      let free = hash(kernel, kernel.length) & mask;
      while (this.slots[free] !== 0) free = (free + 1) & mask;
      this.slots[free] = other;
    }
  }
}

function hash(kernel: readonly number[], length: number): number {
  let value = length;
  for (let i = 0; i < length; i++) value = Math.imul(value ^ kernel[i]!, 0x9e3779b1) ^ (value >>> 15);
  return (value ^ (value >>> 13)) & 0x7fffffff;
}

function isSame(a: readonly number[], b: readonly number[], length: number): boolean {
  if (a.length !== length) return false;
  for (let i = 0; i < length; i++) if (a[i] !== b[i]) return false;
  return true;
}
