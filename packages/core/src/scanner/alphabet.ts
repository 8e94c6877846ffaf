/**
 * Class compression: units that no pattern can tell apart share a column of the transition table.
 *
 * Plain patterns and patterns that read folded text run in one automaton, so a class must say what the unit is to each:
 *
 *                    plain reading            folded reading
 *   'a'              letter of 'a'            [letter of 'a']
 *   'а' (Cyrillic)   letter of "other"        [letter of 'a']
 *   'ﬁ'              letter of "other"        [letter of 'f', letter of 'i']
 *   zero width       letter of "other"        []                    the folded patterns stand still
 *
 * Letters are the coarsest partition of symbols that the sets of a reading can distinguish. A class is a pair of readings.
 * Classes that ordinary text needs are hot: they are columns of the table. The rest (pairs, lone surrogates, expansions)
 * is cold: column 0, answered by a lookup outside the inner loop.
 */
import type { Folding } from './fold.ts';
import type { Nfa } from './nfa.ts';
import { type Ranges, SECOND, SYMBOLS } from './symbols.ts';

/** Column 0 of the table: the unit's class must be looked up. */
export const COLD = 0;

/** Frequent characters first: the columns that text touches lie together in the cache. */
const FREQUENT = ' etaoinsrhldcumfpgwybvkxjqz.,-\n0123456789ETAOINSRHLDCUMFPGWYBVKXJQZ';

export class Alphabet {
  /** Number of letters of both readings; the plain ones come first. */
  readonly letters: number;
  readonly plainLetters: number;
  /** Columns of the transition table: the hot classes and column 0. */
  readonly stride: number;
  /** Hot class of every unit, or `COLD`. */
  readonly unitClass: Uint8Array | Uint16Array;
  /** By class: what plain patterns read. */
  readonly plain: number[] = [];
  /** By class: what folded patterns read. */
  readonly folded: (readonly number[])[] = [];
  /** By set: 1 for each letter in it. */
  readonly members: readonly Uint8Array[];

  /** Symbols are cut into intervals that no set splits; these are their first symbols. */
  private readonly starts: Int32Array;
  private readonly plainOf: Int32Array;
  private readonly foldedOf: Int32Array;
  private readonly folding: Folding | undefined;
  private readonly classIds: Map<string | number, number> = new Map();
  private readonly intervalClass: Int32Array;
  private readonly foldedClass: Map<number, number> = new Map();

  constructor(nfa: Nfa, folding: Folding | undefined) {
    this.folding = folding;
    this.starts = cut(nfa.sets);
    const plain = partition(this.starts, nfa.sets, (id) => (nfa.setUse[id]! & 1) !== 0);
    const folded = partition(this.starts, nfa.sets, (id) => (nfa.setUse[id]! & 2) !== 0);
    this.plainOf = plain.ids;
    this.foldedOf = folded.ids.map((id) => id + plain.count);
    this.plainLetters = plain.count;
    this.letters = plain.count + folded.count;
    this.members = nfa.sets.map((set, id) => this.lettersOf(set, nfa.setUse[id]!));
    this.intervalClass = new Int32Array(this.starts.length).fill(-1);

    const units = this.classifyUnits();
    this.stride = this.plain.length;
    this.unitClass = this.stride <= 256 ? Uint8Array.from(units) : units;
  }

  /** Class of a symbol, hot or cold. Classes of rare symbols are numbered when first met. */
  classOf(symbol: number): number {
    if (this.folding !== undefined && (this.foldedClass.size > 0 || symbol >= 0x10000)) {
      const known = this.foldedClass.get(symbol);
      if (known !== undefined) return known;
      const reading = this.folding.read(symbol >= 0x110000 ? symbol - SECOND : symbol);
      if (reading !== undefined) {
        // The first half of a folded pair is read as the whole character, the second half as nothing.
        const made = this.classFor(this.interval(symbol), symbol >= 0x110000 ? [] : reading);
        this.foldedClass.set(symbol, made);
        return made;
      }
    }
    const interval = this.interval(symbol);
    let found = this.intervalClass[interval]!;
    if (found < 0) this.intervalClass[interval] = found = this.classId(interval, [this.foldedOf[interval]!]);
    return found;
  }

  /** The letter that a reading has for a symbol of its own (after folding, if it folds). */
  letterOf(symbol: number, folded: boolean): number {
    return (folded ? this.foldedOf : this.plainOf)[this.interval(symbol)]!;
  }

  /** The letters of a reading: from, to (exclusive). */
  lettersRead(folded: boolean): readonly [from: number, to: number] {
    return folded ? [this.plainLetters, this.letters] : [0, this.plainLetters];
  }

  /** True if some pattern reads folded text. */
  get folds(): boolean {
    return this.folding !== undefined;
  }

  /** True if folded patterns read something else in place of the code point. */
  isFolded(codePoint: number): boolean {
    return this.folding?.read(codePoint) !== undefined;
  }

  /** True if folded patterns do not see the unit (or, for a first half, the pair) at all. */
  isInvisible(symbol: number): boolean {
    return this.folding?.read(symbol)?.length === 0;
  }

  private classifyUnits(): Uint16Array {
    this.classId(0, [-1]); // column 0
    const symbol = (unit: number): number => this.classOf(unit);
    for (const character of FREQUENT) symbol(character.charCodeAt(0));
    const units = new Uint16Array(0x10000);
    for (let i = 0; i < this.starts.length && this.starts[i]! < 0x10000; i++) {
      const from = this.starts[i]!;
      if (from >= 0xd800 && from < 0xe000) continue;
      this.intervalClass[i] = this.classId(i, [this.foldedOf[i]!]);
      units.fill(this.intervalClass[i]!, from, Math.min(0x10000, this.starts[i + 1] ?? SYMBOLS));
    }
    const expansions: number[] = [];
    for (const [codePoint, reading] of this.folding?.entries() ?? []) {
      if (codePoint > 0xffff) break;
      if (reading.length > 1) expansions.push(codePoint);
      else {
        units[codePoint] = this.classFor(this.interval(codePoint), reading);
        this.foldedClass.set(codePoint, units[codePoint]);
      }
    }
    for (const codePoint of expansions) units[codePoint] = COLD;
    return units;
  }

  private classFor(interval: number, reading: readonly number[]): number {
    return this.classId(
      interval,
      reading.map((unit) => this.foldedOf[this.interval(unit)]!),
    );
  }

  private classId(interval: number, folded: readonly number[]): number {
    const plain = this.plainOf[interval]!;
    const key = folded.length === 1 ? plain * 0x10000 + folded[0]! : `${plain}:${folded.join()}`;
    let id = this.classIds.get(key);
    if (id === undefined) {
      id = this.plain.length;
      this.plain.push(plain);
      this.folded.push(folded);
      this.classIds.set(key, id);
    }
    return id;
  }

  /** Index of the interval that holds a symbol. */
  private interval(symbol: number): number {
    let low = 0;
    let high = this.starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.starts[middle]! <= symbol) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  private lettersOf(set: Ranges, use: number): Uint8Array {
    const letters = new Uint8Array(this.letters);
    for (const [from, to] of set) {
      for (let i = this.interval(from); i < this.starts.length && this.starts[i]! <= to; i++) {
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
