/**
 * Classes that a kernel cannot tell apart: a step on one of them is the step on all. Patterns that list key words make
 * every letter a class of its own, but in the middle of a word that begins no key word all letters lead to the same
 * place. So one step that is computed fills a good part of a row of the table, and new text seldom needs another one.
 *
 *   kernel { [\w.]*@... , e(y=...) }      a ~ b ~ c ~ d ~ f ~ ...      e      @      .
 */
import { FEW, FOLDED, MANY } from '../build/closure-tables.ts';
import type { Closures } from '../build/closures.ts';
import { GROUP_END } from './step.ts';
import type { UnitClasses } from './unit-classes.ts';

/** The class is invisible to folded patterns, or stands for several letters. */
const NO_LETTER = -1;
const SEVERAL_LETTERS = -2;

/** A set of letters: a bit for each. */
type Bits = Int32Array;

/** By letter, which of the sets it is in; 0: not known yet, otherwise one more than the index. */
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
  /** By closure of many configurations. */
  private readonly parts: (Parts | undefined)[] = [];
  /** By signature of the letter before: letters that the same threads start on, and that look the same from behind. */
  private readonly starts: (Parts | undefined)[] = [];
  /** The letters found: what they do to plain closures, and to folded ones. */
  private readonly plain: Bits;
  private readonly folded: Bits;
  private letterFolded: number = NO_LETTER;

  constructor(closures: Closures, classes: UnitClasses) {
    this.closures = closures;
    const { stride } = classes;
    this.plainOf = Int32Array.from(classes.plain.slice(0, stride));
    this.foldedOf = Int32Array.from(classes.folded.slice(0, stride), letterOf);
    this.words = closures.tables.words;
    this.plain = new Int32Array(this.words);
    this.folded = new Int32Array(this.words);
  }

  /** Looks for the hot classes that do to `kernel[0, length)` what `unitClass` does. */
  find(kernel: readonly number[], length: number, unitClass: number): void {
    const { kind } = this.closures.tables;
    const { count } = this.closures.configs.lookBehind;
    const plainLetter = this.plainOf[unitClass]!;
    const foldedLetter = this.foldedOf[unitClass]!;
    const context = kernel[0]!;
    this.letterFolded = foldedLetter;
    this.plain.set(this.startsAs(Math.trunc(context / count), plainLetter));
    if (foldedLetter >= 0) this.folded.set(this.startsAs(context % count, foldedLetter));
    for (let i = 1; i < length; i++) {
      const closure = kernel[i]!;
      if (closure === GROUP_END) continue;
      if ((kind[closure]! & FOLDED) === 0) this.narrow(this.plain, closure, plainLetter);
      else if (foldedLetter >= 0) this.narrow(this.folded, closure, foldedLetter);
    }
  }

  /** Writes `entry` for each class found into the row of the table that begins at `row`. */
  fill(table: Int32Array, row: number, entry: number): void {
    const { plainOf, foldedOf, plain, folded, letterFolded } = this;
    for (let i = 1; i < plainOf.length; i++) {
      const letter = plainOf[i]!;
      if (((plain[letter >> 5]! >> (letter & 31)) & 1) === 0) continue;
      const other = foldedOf[i]!;
      if (letterFolded < 0 ? other === letterFolded : other >= 0 && ((folded[other >> 5]! >> (other & 31)) & 1) !== 0) {
        table[row + i] = entry;
      }
    }
  }

  private narrow(into: Bits, closure: number, letter: number): void {
    const { few } = this.closures.tables;
    if (few[closure * FEW] === MANY) intersect(into, this.partOf(closure, letter));
    else for (let i = closure * FEW; i < closure * FEW + FEW && few[i]! >= 0; i++) this.narrowBy(into, few[i]!, letter);
  }

  private narrowBy(into: Bits, config: number, letter: number): void {
    const { bits, row } = this.closures.tables;
    const from = row[config]!;
    // Where the letter is not allowed, those that are not allowed either are like it.
    const flip = ((bits[from + (letter >> 5)]! >> (letter & 31)) & 1) - 1;
    const { words } = this;
    for (let at = 0; at < words; at++) into[at]! &= bits[from + at]! ^ flip;
  }

  private partOf(closure: number, letter: number): Bits {
    const parts = (this.parts[closure] ??= this.noParts());
    const known = parts.of[letter]!;
    if (known !== 0) return parts.sets[known - 1]!;
    const bits = new Int32Array(this.words).fill(-1);
    for (const config of this.closures.waiting[closure]!) this.narrowBy(bits, config, letter);
    this.remember(parts, bits);
    return bits;
  }

  private startsAs(signature: number, letter: number): Bits {
    const parts = (this.starts[signature] ??= this.startParts(signature));
    return parts.sets[parts.of[letter]! - 1]!;
  }

  private startParts(signature: number): Parts {
    const { configs } = this.closures;
    const { letters, lookBehind } = configs;
    const byStart = new Map<string, Bits>();
    for (let letter = 0; letter < letters.count; letter++) {
      const key = `${lookBehind.ofLetter[letter]}:${configs.firstOn(signature, letter).join()}`;
      let bits = byStart.get(key);
      if (bits === undefined) byStart.set(key, (bits = new Int32Array(this.words)));
      bits[letter >> 5]! |= 1 << (letter & 31);
    }
    const parts = this.noParts();
    for (const bits of byStart.values()) this.remember(parts, bits);
    return parts;
  }

  private noParts(): Parts {
    return { of: new Uint16Array(this.closures.configs.letters.count), sets: [] };
  }

  private remember(parts: Parts, bits: Bits): void {
    parts.sets.push(bits);
    for (let letter = 0; letter < parts.of.length; letter++) {
      if (((bits[letter >> 5]! >> (letter & 31)) & 1) !== 0) parts.of[letter] = parts.sets.length;
    }
  }
}

function intersect(into: Bits, bits: Bits): void {
  for (let at = 0; at < into.length; at++) into[at]! &= bits[at]!;
}

function letterOf(folded: readonly number[]): number {
  return folded.length === 1 ? folded[0]! : folded.length === 0 ? NO_LETTER : SEVERAL_LETTERS;
}
