/**
 * Classes that a kernel cannot tell apart: a step on one of them is the step on all. Patterns that list key words make every
 * letter a class of its own, but in the middle of a word that begins no key word all letters lead to the same place. So one
 * step that is computed fills a good part of a row of the table, and new text seldom needs another one.
 *
 *   kernel { [\w.]*@... , e(y=...) }      a ~ b ~ c ~ d ~ f ~ ...      e      @      .
 */
import type { Closures } from '../build/closures.ts';
import { GROUP_END } from './step.ts';
import type { UnitClasses } from './unit-classes.ts';

/** Configurations of a closure that are looked at one by one; for more, what the letters do is remembered. */
const FEW = 4;
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
  /** By configuration: the letters that it allows. */
  private readonly allowed: (Bits | undefined)[] = [];
  private readonly bitsOf: Map<Uint8Array, Bits> = new Map();
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
    this.words = (closures.configs.letters.count + 31) >> 5;
    this.plain = new Int32Array(this.words);
    this.folded = new Int32Array(this.words);
  }

  /** Looks for the hot classes that do to `kernel[0, length)` what `unitClass` does. */
  find(kernel: readonly number[], length: number, unitClass: number): void {
    const { isFolded } = this.closures;
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
      if (isFolded[closure] === false) this.narrow(this.plain, closure, plainLetter);
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
    const configs = this.closures.waiting[closure]!;
    if (configs.length <= FEW) this.narrowBy(into, configs, letter);
    else intersect(into, this.partOf(closure, configs, letter));
  }

  private narrowBy(into: Bits, configs: readonly number[], letter: number): void {
    for (let i = 0; i < configs.length; i++) {
      const bits = this.allowedBits(configs[i]!);
      // Where the letter is not allowed, those that are not allowed either are like it.
      const flip = ((bits[letter >> 5]! >> (letter & 31)) & 1) - 1;
      for (let at = 0; at < into.length; at++) into[at]! &= bits[at]! ^ flip;
    }
  }

  private partOf(closure: number, configs: readonly number[], letter: number): Bits {
    const parts = (this.parts[closure] ??= this.noParts());
    const known = parts.of[letter]!;
    if (known !== 0) return parts.sets[known - 1]!;
    const bits = new Int32Array(this.words).fill(-1);
    this.narrowBy(bits, configs, letter);
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

  private allowedBits(config: number): Bits {
    return (this.allowed[config] ??= this.bitsFor(this.closures.configs.allowed[config]!));
  }

  /** Configurations share their letters where they wait for the same set. */
  private bitsFor(letters: Uint8Array): Bits {
    let bits = this.bitsOf.get(letters);
    if (bits === undefined) {
      bits = new Int32Array(this.words);
      for (let letter = 0; letter < this.closures.configs.letters.count; letter++) {
        if (letters[letter] === 1) bits[letter >> 5]! |= 1 << (letter & 31);
      }
      this.bitsOf.set(letters, bits);
    }
    return bits;
  }
}

function intersect(into: Bits, bits: Bits): void {
  for (let at = 0; at < into.length; at++) into[at]! &= bits[at]!;
}

function letterOf(folded: readonly number[]): number {
  return folded.length === 1 ? folded[0]! : folded.length === 0 ? NO_LETTER : SEVERAL_LETTERS;
}
