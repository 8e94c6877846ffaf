/**
 * Classes that a kernel cannot tell apart: a step on one of them is the step on all. Patterns that list key words make
 * every letter a class of its own, but in the middle of a word that begins no key word all letters lead to the same
 * place. So one step that is computed fills a good part of a row of the table, and new text seldom needs another one.
 *
 *   kernel { [\w.]*@... , e(y=...) }      a ~ b ~ c ~ d ~ f ~ ...      e      @      .
 *
 * Sets of classes are bits, a word for each 32 columns of the table: what a row gets is what is left of them.
 */
import { FEW, FOLDED, MANY } from '../build/closure-tables.ts';
import type { Closures } from '../build/closures.ts';
import { GROUP_END } from './step.ts';
import type { UnitClasses } from './unit-classes.ts';

/** The class is invisible to folded patterns, or stands for several letters. */
const NO_LETTER = -1;
const SEVERAL_LETTERS = -2;

/** A set of classes: a bit for each. */
type Bits = Int32Array;

/** By class, which of the sets it is in; 0: not known yet, otherwise one more than the index. */
interface Parts {
  readonly of: Uint16Array;
  readonly sets: Bits[];
}

export class Alike {
  private readonly closures: Closures;
  /** By hot class. */
  private readonly plainOf: Int32Array;
  private readonly foldedOf: Int32Array;
  private readonly words: number;
  /** By row of letters, twice: the classes whose plain, or folded, letter is in it. */
  private readonly columns: (Bits | undefined)[] = [];
  /** By closure of many configurations. */
  private readonly parts: (Parts | undefined)[] = [];
  /**
   * By signature of the letter before, twice: classes that the same threads start on, and that look the same from
   * behind.
   */
  private readonly starts: (Parts | undefined)[] = [];
  /** Classes that are one letter to folded patterns, and that are none. */
  private readonly visible: Bits;
  private readonly invisible: Bits;
  /** The classes found. */
  private readonly found: Bits;

  constructor(closures: Closures, classes: UnitClasses) {
    this.closures = closures;
    const { stride } = classes;
    this.plainOf = Int32Array.from(classes.plain.slice(0, stride));
    this.foldedOf = Int32Array.from(classes.folded.slice(0, stride), letterOf);
    this.words = (stride + 31) >> 5;
    this.visible = this.classesWhere((unitClass) => this.foldedOf[unitClass]! >= 0);
    this.invisible = this.classesWhere((unitClass) => this.foldedOf[unitClass] === NO_LETTER);
    this.found = new Int32Array(this.words);
  }

  /**
   * Looks for the hot classes that do to `kernel[0, length)` what `unitClass` does, which is no class of several
   * letters.
   */
  find(kernel: readonly number[], length: number, unitClass: number): void {
    const { found } = this;
    const { kind } = this.closures.tables;
    const { count } = this.closures.configs.lookBehind;
    const context = kernel[0]!;
    const isVisible = this.foldedOf[unitClass]! >= 0;
    found.set(isVisible ? this.visible : this.invisible);
    intersect(found, this.startsAs(Math.trunc(context / count), false, unitClass));
    if (isVisible) intersect(found, this.startsAs(context % count, true, unitClass));
    for (let i = 1; i < length; i++) {
      const closure = kernel[i]!;
      if (closure === GROUP_END) continue;
      const isFolded = (kind[closure]! & FOLDED) !== 0;
      if (!isFolded || isVisible) this.narrow(closure, isFolded ? 1 : 0, unitClass);
    }
  }

  /** Writes `entry` for each class found into the row of the table that begins at `row`. */
  fill(table: Int32Array, row: number, entry: number): void {
    const { found, words } = this;
    for (let word = 0; word < words; word++) {
      for (let bits = found[word]!; bits !== 0; bits &= bits - 1) {
        table[row + word * 32 + 31 - Math.clz32(bits & -bits)] = entry;
      }
    }
  }

  private narrow(closure: number, reading: number, unitClass: number): void {
    const { few } = this.closures.tables;
    const { found } = this;
    if (few[closure * FEW] === MANY) intersect(found, this.partOf(closure, reading, unitClass));
    else {
      for (let i = closure * FEW; i < closure * FEW + FEW && few[i]! >= 0; i++) {
        this.narrowBy(found, few[i]!, reading, unitClass);
      }
    }
  }

  private narrowBy(into: Bits, config: number, reading: number, unitClass: number): void {
    const bits = this.columnsOf(config, reading);
    // Where the letter is not allowed, those that are not allowed either are like it.
    const flip = ((bits[unitClass >> 5]! >> (unitClass & 31)) & 1) - 1;
    const { words } = this;
    for (let at = 0; at < words; at++) into[at]! &= bits[at]! ^ flip;
  }

  /** The classes whose letter the configuration allows. */
  private columnsOf(config: number, reading: number): Bits {
    const { row, bits } = this.closures.tables;
    const from = row[config]!;
    const key = from * 2 + reading;
    let columns = this.columns[key];
    if (columns === undefined) {
      const letters = reading === 1 ? this.foldedOf : this.plainOf;
      columns = this.classesWhere((unitClass) => {
        const letter = letters[unitClass]!;
        return letter >= 0 && ((bits[from + (letter >> 5)]! >> (letter & 31)) & 1) === 1;
      });
      this.columns[key] = columns;
    }
    return columns;
  }

  private partOf(closure: number, reading: number, unitClass: number): Bits {
    const parts = (this.parts[closure] ??= this.noParts());
    const known = parts.of[unitClass]!;
    if (known !== 0) return parts.sets[known - 1]!;
    const bits = new Int32Array(this.words).fill(-1);
    for (const config of this.closures.waiting[closure]!) this.narrowBy(bits, config, reading, unitClass);
    this.remember(parts, bits);
    return bits;
  }

  private startsAs(signature: number, folded: boolean, unitClass: number): Bits {
    const key = signature * 2 + (folded ? 1 : 0);
    const parts = (this.starts[key] ??= this.startParts(signature, folded ? this.foldedOf : this.plainOf));
    return parts.sets[parts.of[unitClass]! - 1]!;
  }

  private startParts(signature: number, letters: Int32Array): Parts {
    const { configs } = this.closures;
    const byLetter = new Map<number, string>();
    const byStart = new Map<string, Bits>();
    for (let unitClass = 1; unitClass < letters.length; unitClass++) {
      const letter = letters[unitClass]!;
      if (letter < 0) continue;
      let key = byLetter.get(letter);
      if (key === undefined) {
        key = `${configs.lookBehind.ofLetter[letter]}:${configs.firstOn(signature, letter).join()}`;
        byLetter.set(letter, key);
      }
      let bits = byStart.get(key);
      if (bits === undefined) byStart.set(key, (bits = new Int32Array(this.words)));
      bits[unitClass >> 5]! |= 1 << (unitClass & 31);
    }
    const parts = this.noParts();
    for (const bits of byStart.values()) this.remember(parts, bits);
    return parts;
  }

  private classesWhere(isMember: (unitClass: number) => boolean): Bits {
    const bits = new Int32Array(this.words);
    // The first column is of no class.
    for (let unitClass = 1; unitClass < this.plainOf.length; unitClass++) {
      if (isMember(unitClass)) bits[unitClass >> 5]! |= 1 << (unitClass & 31);
    }
    return bits;
  }

  private noParts(): Parts {
    return { of: new Uint16Array(this.plainOf.length), sets: [] };
  }

  private remember(parts: Parts, bits: Bits): void {
    parts.sets.push(bits);
    for (let unitClass = 0; unitClass < parts.of.length; unitClass++) {
      if (((bits[unitClass >> 5]! >> (unitClass & 31)) & 1) !== 0) parts.of[unitClass] = parts.sets.length;
    }
  }
}

function intersect(into: Bits, bits: Bits): void {
  for (let at = 0; at < into.length; at++) into[at]! &= bits[at]!;
}

function letterOf(folded: readonly number[]): number {
  return folded.length === 1 ? folded[0]! : folded.length === 0 ? NO_LETTER : SEVERAL_LETTERS;
}
