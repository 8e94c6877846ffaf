/**
 * The text that validators may still ask for: everything from the hold point on, and what stands just before it,
 * because look-behind reads one character back. Only streams of sets with validators keep one.
 */
import type { Folding } from '../unicode/fold.ts';
import { GrowingText } from './growing-text.ts';
import { codePointOf, isHighSurrogate, isLowSurrogate, SECOND } from '../unicode/symbols.ts';

/** Units that may be kept although nobody needs them: cutting a string for every token would cost more. */
const SLACK = 256;

/** PatternLetters of a piece of text in one reading, each with the units it was read from. */
export interface ReadText {
  readonly symbols: number[];
  readonly starts: number[];
  readonly ends: number[];
}

export class TextMemory {
  private text = new GrowingText();
  /** The last symbol in front of the kept text, by reading; -1 if there is none. */
  private plainBefore = -1;
  private foldedBefore = -1;
  private readonly folding: Folding | undefined;
  /** Every reading leaves ASCII as it is: most text needs no second look. */
  private readonly keepsAscii: boolean;

  constructor(folding: Folding | undefined) {
    this.folding = folding;
    this.keepsAscii = folding === undefined || leavesAscii(folding);
  }

  copy(): TextMemory {
    const memory = new TextMemory(this.folding);
    memory.text = this.text.copy();
    memory.plainBefore = this.plainBefore;
    memory.foldedBefore = this.foldedBefore;
    return memory;
  }

  /** Position of the first unit that is still kept. */
  get first(): number {
    return this.text.first;
  }

  /** Some of it may be worth forgetting. */
  get isLong(): boolean {
    return this.text.length >= SLACK;
  }

  reset(): void {
    this.text.reset();
    this.plainBefore = -1;
    this.foldedBefore = -1;
  }

  append(text: string): void {
    this.text.append(text);
  }

  /** Nothing is known of the text from `position` on. */
  cutAt(position: number): void {
    this.text.cutAt(position);
  }

  /** Nothing before `position` will be asked for. */
  forgetBefore(position: number): void {
    const { text } = this;
    let cut = position;
    if (cut - text.first < SLACK) return;
    if (isLowSurrogate(text.unitAt(cut)) && isHighSurrogate(text.unitAt(cut - 1))) cut--;
    const plain = this.symbolBefore(cut, false);
    const folded = this.symbolBefore(cut, true);
    text.forgetBefore(cut);
    this.plainBefore = plain;
    this.foldedBefore = folded;
  }

  /** The text between two positions, as patterns of a reading see it. */
  read(from: number, to: number, folded: boolean): ReadText {
    const read: ReadText = { symbols: [], starts: [], ends: [] };
    for (let at = from; at < to;) at = this.readOne(at, folded, read);
    return read;
  }

  /** The text between two positions where every reading leaves it as it is; `undefined` elsewhere. */
  plainOf(from: number, to: number): string | undefined {
    if (!this.keepsAscii) return undefined;
    const text = this.text.slice(from, to);
    return ASCII.test(text) ? text : undefined;
  }

  /** The text between two positions as a string, in the reading of a pattern: what its validator sees. */
  stringOf(from: number, to: number, folded: boolean): string {
    const text = this.text.slice(from, to);
    if (!folded || (this.keepsAscii && ASCII.test(text))) return text;
    let seen = '';
    for (const character of text) {
      const units = this.folding?.read(character.codePointAt(0)!);
      seen += units === undefined ? character : String.fromCharCode(...units);
    }
    return seen;
  }

  /** The unit is the second half of a pair that folding reads as one: no match begins with it. */
  isInsideRead(position: number): boolean {
    const { text } = this;
    if (position <= text.first || !isLowSurrogate(text.unitAt(position))) return false;
    const before = text.unitAt(position - 1);
    return isHighSurrogate(before) && this.folding?.read(codePointOf(before, text.unitAt(position))) !== undefined;
  }

  /** First symbol of a reading at or after a position; -1 if the text ends before one. */
  symbolAfter(position: number, folded: boolean): number {
    const read: ReadText = { symbols: [], starts: [], ends: [] };
    const { end } = this.text;
    for (let at = position; at < end && read.symbols.length === 0;) at = this.readOne(at, folded, read);
    return read.symbols[0] ?? -1;
  }

  /** Last symbol of a reading before a position; -1 if the text begins there. */
  symbolBefore(position: number, folded: boolean): number {
    const { text } = this;
    for (let at = position; at > text.first;) {
      const isPair = at - text.first > 1 && isLowSurrogate(text.unitAt(at - 1)) && isHighSurrogate(text.unitAt(at - 2));
      const read: ReadText = { symbols: [], starts: [], ends: [] };
      const to = at;
      at -= isPair && folded ? 2 : 1;
      // A pair that folding does not read as one letter is two symbols.
      for (let next = at; next < to;) next = this.readOne(next, folded, read);
      const last = read.symbols[read.symbols.length - 1];
      if (last !== undefined) return last;
    }
    return folded ? this.foldedBefore : this.plainBefore;
  }

  /** Reads the symbol (or, folded, the symbols) at a position; returns the next position. */
  private readOne(at: number, folded: boolean, into: ReadText): number {
    const { text } = this;
    const unit = text.unitAt(at);
    if (unit < 0x80 && this.keepsAscii) {
      into.symbols.push(unit);
      into.starts.push(at);
      into.ends.push(at + 1);
      return at + 1;
    }
    let symbol = unit;
    let length = 1;
    if (isHighSurrogate(unit) && isLowSurrogate(text.unitAt(at + 1))) {
      symbol = codePointOf(unit, text.unitAt(at + 1));
      length = 2;
    } else if (at > text.first && isLowSurrogate(unit) && isHighSurrogate(text.unitAt(at - 1))) {
      symbol = codePointOf(text.unitAt(at - 1), unit) + SECOND;
    }
    const units = folded && symbol < SECOND + 0x10000 ? this.folding?.read(symbol) : undefined;
    if (units === undefined) {
      // Without folding, either half of a pair is a symbol of its own.
      into.symbols.push(symbol);
      into.starts.push(at);
      into.ends.push(at + 1);
      return at + 1;
    }
    for (const read of units) {
      into.symbols.push(read);
      into.starts.push(at);
      into.ends.push(at + length);
    }
    return at + length;
  }
}

const ASCII = /^[\0-\x7f]*$/;
const asciiKept = new WeakMap<Folding, boolean>();

function leavesAscii(folding: Folding): boolean {
  let kept = asciiKept.get(folding);
  if (kept === undefined) {
    kept = true;
    for (let unit = 0; unit < 0x80 && kept; unit++) kept = folding.read(unit) === undefined;
    asciiKept.set(folding, kept);
  }
  return kept;
}
