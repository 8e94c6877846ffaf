/**
 * Letters: the coarsest partition of symbols that the sets of all patterns can distinguish. Plain patterns and patterns
 * that read folded text have letters of their own, numbered one after the other, so that a letter says whose it is.
 */
import { Refusal } from '../../dialects/refusal.ts';
import type { Nfa } from './nfa.ts';
import { type Ranges, SYMBOLS } from '../unicode/symbols.ts';

export class PatternLetters {
  /** Number of letters of both readings; the plain ones come first. */
  readonly count: number;
  readonly plainCount: number;
  /** By set: 1 for each letter in it. */
  readonly members: readonly Uint8Array[];
  /** Symbols are cut into intervals that no set splits; these are their first symbols. */
  readonly intervals: Int32Array;

  private readonly plainOf: Int32Array;
  private readonly foldedOf: Int32Array;

  /** `mostParts`: intervals that the sets may cover together before the pattern is refused. */
  constructor(nfa: Nfa, mostParts: number) {
    this.intervals = cut(nfa.sets);
    if (nfa.sets.length * this.intervals.length > mostParts) this.requireFew(nfa.sets, mostParts);
    const plain = partition(this.intervals, nfa.sets, (id) => (nfa.setUse[id]! & 1) !== 0);
    const folded = partition(this.intervals, nfa.sets, (id) => (nfa.setUse[id]! & 2) !== 0);
    this.plainOf = plain.ids;
    this.foldedOf = folded.ids.map((id) => id + plain.count);
    this.plainCount = plain.count;
    this.count = plain.count + folded.count;
    this.members = nfa.sets.map((set, id) => this.lettersOf(set, nfa.setUse[id]!));
  }

  /** The letter of a reading for the symbols of an interval. */
  letterAt(interval: number, folded: boolean): number {
    return (folded ? this.foldedOf : this.plainOf)[interval]!;
  }

  /** The letter of a reading for a symbol. */
  letterOf(symbol: number, folded: boolean): number {
    return this.letterAt(this.intervalOf(symbol), folded);
  }

  /** The letters of a reading: from, to (exclusive). */
  range(folded: boolean): readonly [from: number, to: number] {
    return folded ? [this.plainCount, this.count] : [0, this.plainCount];
  }

  /** Index of the interval that holds a symbol. */
  intervalOf(symbol: number): number {
    let low = 0;
    let high = this.intervals.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.intervals[middle]! <= symbol) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** Hundreds of classes that all overlap each other take seconds to tell apart. */
  private requireFew(sets: readonly Ranges[], mostParts: number): void {
    let parts = 0;
    for (const set of sets) {
      for (const [from, to] of set) parts += this.intervalOf(to) - this.intervalOf(from) + 1;
      if (parts <= mostParts) continue;
      throw new Refusal(
        'PATTERN_TOO_LARGE',
        'has too many character classes that overlap each other',
        'split it into several patterns, or use fewer different classes',
      );
    }
  }

  private lettersOf(set: Ranges, use: number): Uint8Array {
    const letters = new Uint8Array(this.count);
    for (const [from, to] of set) {
      for (let i = this.intervalOf(from); i < this.intervals.length && this.intervals[i]! <= to; i++) {
        if ((use & 1) !== 0) letters[this.plainOf[i]!] = 1;
        if ((use & 2) !== 0) letters[this.foldedOf[i]!] = 1;
      }
    }
    return letters;
  }
}

function cut(sets: readonly Ranges[]): Int32Array {
  const starts = new Set([0, 0xd800, 0xdc00, 0xe000, 0x10000, 0x110000]);
  for (const set of sets) {
    for (const [from, to] of set) {
      starts.add(from);
      if (to + 1 < SYMBOLS) starts.add(to + 1);
    }
  }
  return Int32Array.from(starts).sort();
}

/** The coarsest partition of the intervals that every used set is a union of. */
function partition(
  starts: Int32Array,
  sets: readonly Ranges[],
  isUsed: (set: number) => boolean,
): { readonly ids: Int32Array; readonly count: number } {
  const indexOf = new Map<number, number>();
  starts.forEach((start, index) => indexOf.set(start, index));
  const ids = new Int32Array(starts.length);
  let count = 1;
  for (const [id, set] of sets.entries()) {
    if (!isUsed(id)) continue;
    // Members of the set leave their part for a new one.
    const moved = new Map<number, number>();
    for (const [from, to] of set) {
      for (let i = indexOf.get(from)!; i < starts.length && starts[i]! <= to; i++) {
        const old = ids[i]!;
        let part = moved.get(old);
        if (part === undefined) {
          part = count++;
          moved.set(old, part);
        }
        ids[i] = part;
      }
    }
  }
  // Parts that every member left are numbers without a letter.
  const dense = new Map<number, number>();
  for (let i = 0; i < ids.length; i++) {
    const id = ids[i]!;
    if (!dense.has(id)) dense.set(id, dense.size);
    ids[i] = dense.get(id)!;
  }
  return { ids, count: dense.size };
}
