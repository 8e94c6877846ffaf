/** Turns the units of a text into symbols, one step for each. What a lane is built on. */
import { codePointOf, isHighSurrogate, isLowSurrogate, SECOND } from '../unicode/symbols.ts';
import type { UnitClasses } from './unit-classes.ts';

export abstract class SymbolReader {
  /** Set when the listener asked to stop. */
  stopped = false;
  private readonly classes: UnitClasses;

  constructor(classes: UnitClasses) {
    this.classes = classes;
  }

  /**
   * One symbol, at `text[i]`, which is at position `base + i`. `foldedLength`: the units that it stands for where text
   * is folded. `seen`: the position after the last unit that is known.
   */
  protected abstract step(
    unitClass: number,
    text: string,
    i: number,
    base: number,
    foldedLength: number,
    seen: number,
  ): void;

  /**
   * The unit at `i`, and the next one if it is a high surrogate: what that is depends on the next unit, so both are one
   * turn, and a match that the first completes is reported when the second has been seen. Returns the index after the
   * turn; `i` if the text ends before that can be known.
   */
  protected turn(text: string, i: number, base: number, final: boolean): number {
    const { classes } = this;
    const unit = text.charCodeAt(i);
    if (!isHighSurrogate(unit)) {
      this.step(classes.unitClass[unit] || classes.classOf(unit), text, i, base, 1, base + i + 1);
      return i + 1;
    }
    if (i + 1 === text.length) {
      if (!final) return i;
      this.step(classes.classOf(unit), text, i, base, 1, base + i + 1);
      return i + 1;
    }
    return this.turnOfTwo(text, i, base);
  }

  private turnOfTwo(text: string, i: number, base: number): number {
    const { classes } = this;
    const high = text.charCodeAt(i);
    const next = text.charCodeAt(i + 1);
    const seen = base + i + 2;
    if (isLowSurrogate(next)) {
      const codePoint = codePointOf(high, next);
      this.step(classes.classOf(codePoint), text, i, base, classes.isFolded(codePoint) ? 2 : 1, seen);
      this.step(classes.classOf(codePoint + SECOND), text, i + 1, base, 1, seen);
      return i + 2;
    }
    this.step(classes.classOf(high), text, i, base, 1, seen);
    // Another high surrogate begins a turn of its own, but it has been seen.
    if (isHighSurrogate(next)) return this.stopped ? i + 2 : i + 1;
    this.step(classes.unitClass[next] || classes.classOf(next), text, i + 1, base, 1, seen);
    return i + 2;
  }
}
