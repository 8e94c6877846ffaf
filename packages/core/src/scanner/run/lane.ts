/**
 * One automaton's run through one stream: turns units into symbols, moves the cursor, and tells a listener what
 * matched.
 */
import { COLD } from './unit-classes.ts';
import { Cursor } from './cursor.ts';
import type { Dfa } from './dfa.ts';
import { AFTER_UNIT, AFTER_UNIT_FOLDED, BEFORE_UNIT } from './step.ts';
import { SymbolReader } from './symbol-reader.ts';
import { REPORT } from './work.ts';
import { codePointOf, isHighSurrogate, isLowSurrogate } from '../unicode/symbols.ts';

/** What a listener may ask a lane. */
export interface Threads {
  /** True if a thread of the pattern that started at or before `position` is alive. */
  hasThread(pattern: number, position: number): boolean;
}

/** What a lane tells. */
export interface Listener {
  /**
   * A match. `seen`: position after the unit that completed it, more than `end` if the match had to wait for that unit;
   * the end of the text counts as a unit. Returns true to stop.
   */
  found(pattern: number, start: number, end: number, seen: number): boolean;
  /** While true, `settle` is called after every unit. */
  readonly isWaiting: boolean;
  /** `seen` as in `found`. Returns true to stop. */
  settle(lane: Threads, seen: number): boolean;
  /** Work done so far, by `work.ts`. */
  readonly work: number;
}

/** Listens to nothing. */
export const SILENT: Listener = { isWaiting: false, work: 0, found: () => false, settle: () => false };

export class Lane extends SymbolReader {
  /** Where text was held from before the unit that stopped the lane. */
  heldBefore = 0;

  private readonly dfa: Dfa;
  private listener: Listener;
  private readonly cursor: Cursor;
  /** The work at which the run under way ends. */
  private last = 0;
  /** Index in the text under way from which this run began. */
  private from = 0;
  /** Invisible units at the end of the text before that: they are not part of a folded match that ends before them. */
  private invisibleTail: number;
  /** Matches of the step under way: pattern, start, place of the end. */
  private readonly matches: number[] = [];

  constructor(dfa: Dfa, listener: Listener, from?: Lane) {
    super(dfa.classes);
    this.dfa = dfa;
    this.listener = listener;
    this.cursor = from?.cursor.copy() ?? new Cursor(dfa);
    this.invisibleTail = from?.invisibleTail ?? 0;
  }

  copy(listener: Listener): Lane {
    return new Lane(this.dfa, listener, this);
  }

  /** Back to the beginning, for another text. */
  reset(): void {
    this.cursor.reset();
    this.stopped = false;
    this.heldBefore = 0;
    this.invisibleTail = 0;
    this.matches.length = 0;
  }

  /** Remembers this place for `heldAfter`. */
  mark(): void {
    this.cursor.mark();
  }

  /**
   * Where text was held from when the text had gone on with `text[from, to)` after the mark. The lane is of no use
   * afterwards.
   */
  heldAfter(text: string, from: number, to: number, base: number): number {
    this.cursor.rewind();
    this.listener = SILENT;
    this.stopped = false;
    return this.heldFrom(base + this.run(text.slice(0, to), from, to, base, false, Number.POSITIVE_INFINITY));
  }

  heldFrom(position: number): number {
    return this.cursor.heldFrom(position);
  }

  /** Places at which something that is alive began. */
  get alive(): number {
    return this.cursor.alive;
  }

  hasThread(pattern: number, position: number): boolean {
    return this.cursor.hasThread(pattern, position);
  }

  dropBefore(position: number): void {
    this.cursor.dropBefore(position);
  }

  /** Work of this lane and its listener; other streams of the set share the count. */
  get work(): number {
    return this.dfa.stepper.work + this.listener.work;
  }

  /**
   * Scans `text[from, to)`; the unit at index 0 is at position `base`. Returns the index after the last unit consumed.
   * Less than `to`, if `budget` of work is done first, or a high surrogate ends the text, which is left for the next
   * call unless the text is `final`; more by one, if a pair lies across `to`. After a stop, the unit that stopped the
   * scan is the last one consumed.
   */
  run(text: string, from: number, to: number, base: number, final: boolean, budget: number): number {
    const { cursor, listener } = this;
    const { stepper } = this.dfa;
    this.last = this.work + budget;
    cursor.resume();
    this.from = from;
    let i = from;
    while (i < to && !this.stopped) {
      const begun = i;
      const limit = listener.isWaiting ? i + 1 : Math.min(to, i + Math.max(1, this.last - this.work));
      this.heldBefore = cursor.heldFrom(base + i);
      i = cursor.advance(text, i, limit, base);
      if (i < limit) {
        this.heldBefore = cursor.heldFrom(base + i);
        const next = this.turn(text, i, base, final);
        if (next === i) break;
        i = next;
      }
      if (listener.isWaiting) this.settle(base + i);
      stepper.work += i - begun;
      if (this.work >= this.last) break;
    }
    cursor.suspend();
    this.rememberInvisible(text, from, i);
    return i;
  }

  /** Ends the run under way with the unit that it is at. */
  pause(): void {
    this.last = 0;
  }

  /** Reports what the end of the text at `position` completes. */
  end(position: number): void {
    const { matches, listener } = this;
    this.cursor.end(matches);
    for (let i = 0; i < matches.length; i += 3) {
      const end = matches[i + 2] === BEFORE_UNIT ? position : position - this.invisibleTail;
      if (listener.found(matches[i]!, matches[i + 1]!, end, position + 1)) this.stopped = true;
    }
    matches.length = 0;
    if (listener.isWaiting && listener.settle(this, position + 1)) this.stopped = true;
  }

  protected override step(
    unitClass: number,
    text: string,
    i: number,
    base: number,
    foldedLength: number,
    seen: number,
  ): void {
    const { cursor, matches } = this;
    cursor.step(unitClass, base + i, matches);
    if (matches.length === 0) return;
    // A sink may use other streams of the set.
    cursor.suspend();
    this.dfa.stepper.work += (matches.length / 3) * REPORT;
    for (let at = 0; at < matches.length; at += 3) {
      const end = this.endOf(matches[at + 2]!, text, i, base, foldedLength);
      if (this.listener.found(matches[at]!, matches[at + 1]!, end, seen)) this.stopped = true;
    }
    matches.length = 0;
    cursor.resume();
  }

  private endOf(place: number, text: string, i: number, base: number, foldedLength: number): number {
    if (place === AFTER_UNIT) return base + i + 1;
    if (place === AFTER_UNIT_FOLDED) return base + i + foldedLength;
    if (place === BEFORE_UNIT) return base + i;
    // Nearly always it is the unit before.
    if (i > this.from && this.isPlainlySeen(text.charCodeAt(i - 1))) return base + i;
    const visible = this.visibleBefore(text, this.from, i);
    return visible > this.from ? base + visible : base + this.from - this.invisibleTail;
  }

  private settle(seen: number): void {
    this.cursor.suspend();
    if (this.listener.settle(this, seen)) this.stopped = true;
    this.cursor.resume();
  }

  /** Index after the last unit in `text[from, to)` that folded patterns see; `from` if there is none. */
  private visibleBefore(text: string, from: number, to: number): number {
    const { classes } = this.dfa;
    let i = to;
    while (i > from) {
      const unit = text.charCodeAt(i - 1);
      const high = i > from + 1 && isLowSurrogate(unit) ? text.charCodeAt(i - 2) : 0;
      const isPair = isHighSurrogate(high);
      if (!classes.isInvisible(isPair ? codePointOf(high, unit) : unit)) break;
      i -= isPair ? 2 : 1;
    }
    return i;
  }

  /** Folded patterns see the unit, whatever stands beside it. */
  private isPlainlySeen(unit: number): boolean {
    const { unitClass, folded } = this.dfa.classes;
    const own = unitClass[unit]!;
    return own !== COLD && folded[own]!.length > 0;
  }

  private rememberInvisible(text: string, from: number, to: number): void {
    const { classes } = this.dfa;
    if (to === from || !classes.folds) return;
    if (this.isPlainlySeen(text.charCodeAt(to - 1))) {
      this.invisibleTail = 0;
      return;
    }
    const visible = this.visibleBefore(text, from, to);
    this.invisibleTail = visible > from ? to - visible : this.invisibleTail + to - from;
  }
}
