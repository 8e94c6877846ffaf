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
 * Classes that ordinary text needs are hot: they are columns of the table. The rest (pairs, lone surrogates,
 * expansions) is cold: column 0, answered by a lookup outside the inner loop.
 */
import type { Folding } from '../unicode/fold.ts';
import type { PatternLetters } from '../build/pattern-letters.ts';
import { SECOND, SYMBOLS } from '../unicode/symbols.ts';

/** Column 0 of the table: the unit's class must be looked up. */
export const COLD = 0;

/** Frequent characters first: the columns that text touches lie together in the cache. */
const FREQUENT = ' etaoinsrhldcumfpgwybvkxjqz.,-\n0123456789ETAOINSRHLDCUMFPGWYBVKXJQZ';

export class UnitClasses {
  readonly letters: PatternLetters;
  /** Columns of the transition table: the hot classes and column 0. */
  readonly stride: number;
  /** Hot class of every unit, or `COLD`. */
  readonly unitClass: Uint8Array | Uint16Array;
  /** By class: the letter that plain patterns read. */
  readonly plain: number[] = [];
  /** By class: the letters that folded patterns read. */
  readonly folded: (readonly number[])[] = [];

  private readonly folding: Folding | undefined;
  private readonly classIds: Map<string | number, number> = new Map();
  /** Class of the symbols of an interval that stand for themselves; -1 until it is asked for. */
  private readonly intervalClass: Int32Array;
  private readonly foldedClass: Map<number, number> = new Map();

  /** `folding`: given if some pattern reads folded text. */
  constructor(letters: PatternLetters, folding: Folding | undefined) {
    this.letters = letters;
    this.folding = folding;
    this.intervalClass = new Int32Array(letters.intervals.length).fill(-1);
    const units = this.classifyUnits();
    this.stride = this.plain.length;
    this.unitClass = this.stride <= 256 ? Uint8Array.from(units) : units;
  }

  /** Class of a symbol, hot or cold. Classes of rare symbols are numbered when first met. */
  classOf(symbol: number): number {
    const reading = this.folding?.read(symbol >= 0x110000 ? symbol - SECOND : symbol);
    if (reading === undefined) return this.ownClass(this.letters.intervalOf(symbol));
    let found = this.foldedClass.get(symbol);
    if (found === undefined) {
      // The first half of a folded pair is read as the whole character, the second half as nothing.
      found = this.readClass(symbol, symbol >= 0x110000 ? [] : reading);
      this.foldedClass.set(symbol, found);
    }
    return found;
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
    // Column 0 has no letters.
    this.plain.push(-1);
    this.folded.push([]);
    for (let i = 0; i < FREQUENT.length; i++) this.classOf(FREQUENT.charCodeAt(i));

    const { intervals } = this.letters;
    const units = new Uint16Array(0x10000);
    for (let i = 0; i < intervals.length && intervals[i]! < 0x10000; i++) {
      const from = intervals[i]!;
      const isSurrogate = from >= 0xd800 && from < 0xe000;
      if (!isSurrogate) units.fill(this.ownClass(i), from, Math.min(0x10000, intervals[i + 1] ?? SYMBOLS));
    }
    for (const [codePoint, reading] of this.folding?.entries() ?? []) {
      if (codePoint > 0xffff) break;
      units[codePoint] = reading.length > 1 ? COLD : this.classOf(codePoint);
    }
    return units;
  }

  private ownClass(interval: number): number {
    let found = this.intervalClass[interval]!;
    if (found < 0) {
      found = this.classId(this.letters.letterAt(interval, false), [this.letters.letterAt(interval, true)]);
      this.intervalClass[interval] = found;
    }
    return found;
  }

  private readClass(symbol: number, reading: readonly number[]): number {
    const folded = reading.map((unit) => this.letters.letterOf(unit, true));
    return this.classId(this.letters.letterOf(symbol, false), folded);
  }

  private classId(plain: number, folded: readonly number[]): number {
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
}
