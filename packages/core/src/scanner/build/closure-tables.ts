/**
 * What a step reads of closures and configurations, side by side in a few small arrays. A step that must be computed
 * comes after thousands of units that were looked up, so what it reads has left the processor's cache: as objects that
 * lists point to, it would wait for memory at every closure.
 */
import type { Configs } from './configs.ts';

/** What is to be known of a closure at once, as bits. */
export const FOLDED = 1;
/** It reports matches where it is reached. */
export const REPORTS = 2;
/** It waits for more. */
export const WAITS = 4;

/** Configurations of a closure that are named here. */
export const FEW = 2;
/** The closure has more of them. */
export const MANY = -2;
const NO_CONFIG = -1;

/** Where a configuration leads has not been asked, or depends on the letter. */
export const NOT_ASKED = -2;
export const DEPENDS = -3;

export class ClosureTables {
  /** By closure, the bits above. */
  kind: Uint8Array = new Uint8Array(64);
  /** By closure, `FEW` configurations that wait, or `MANY` instead of the first. */
  few: Int32Array = new Int32Array(64 * FEW);
  /** By configuration: which row of `bits` has the letters that it allows. */
  row: Int32Array = new Int32Array(64);
  /** By configuration: the pattern that it completes, or -1. */
  completes: Int32Array = new Int32Array(64);
  /** By configuration that completes nothing: the closure it leads to, `NOWHERE`, `NOT_ASKED` or `DEPENDS`. */
  next: Int32Array = new Int32Array(64);
  /** By row: a bit for each letter. */
  bits: Int32Array;
  /** Numbers in a row. */
  readonly words: number;

  private readonly configs: Configs;
  private known = 0;
  private readonly rows: Map<Uint8Array, number> = new Map();

  constructor(configs: Configs) {
    this.configs = configs;
    this.words = (configs.letters.count + 31) >> 5;
    this.bits = new Int32Array(this.words * 64);
  }

  addClosure(closure: number, waiting: readonly number[], reports: boolean, folded: boolean): void {
    if (closure >= this.kind.length) {
      this.kind = grown(this.kind, Uint8Array);
      this.few = grown(this.few, Int32Array);
    }
    this.kind[closure] = (folded ? FOLDED : 0) | (reports ? REPORTS : 0) | (waiting.length > 0 ? WAITS : 0);
    for (let i = 0; i < FEW; i++) this.few[closure * FEW + i] = waiting[i] ?? NO_CONFIG;
    if (waiting.length > FEW) this.few[closure * FEW] = MANY;
    this.addConfigs();
  }

  /**
   * Takes over the configurations that were made since. Before anything is asked of one that no closure in the tables
   * has.
   */
  addConfigs(): void {
    while (this.known < this.configs.node.length) this.addConfig(this.known++);
  }

  /** Does the configuration allow the letter, or, if it completes a pattern, does the letter confirm it? */
  allows(config: number, letter: number): boolean {
    return ((this.bits[this.row[config]! + (letter >> 5)]! >> (letter & 31)) & 1) === 1;
  }

  private addConfig(config: number): void {
    if (config >= this.row.length) {
      this.row = grown(this.row, Int32Array);
      this.completes = grown(this.completes, Int32Array);
      this.next = grown(this.next, Int32Array);
    }
    const { allowed, completes, node, nfa, dependsOnBehind } = this.configs;
    this.row[config] = this.rowOf(allowed[config]!);
    this.completes[config] = completes[config]!;
    const after = nfa.next[node[config]!]!;
    this.next[config] = completes[config]! < 0 && dependsOnBehind[after] === 1 ? DEPENDS : NOT_ASKED;
  }

  /** Configurations that wait for the same letters share a row. */
  private rowOf(letters: Uint8Array): number {
    const known = this.rows.get(letters);
    if (known !== undefined) return known;
    const row = this.rows.size * this.words;
    if (row >= this.bits.length) this.bits = grown(this.bits, Int32Array);
    this.rows.set(letters, row);
    for (let letter = 0; letter < this.configs.letters.count; letter++) {
      if (letters[letter] === 1) this.bits[row + (letter >> 5)]! |= 1 << (letter & 31);
    }
    return row;
  }
}

function grown<T extends Uint8Array | Int32Array>(array: T, make: new (length: number) => T): T {
  const larger = new make(array.length * 2);
  larger.set(array);
  return larger;
}
