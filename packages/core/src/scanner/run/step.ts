/**
 * One step of the ordered partition: the heart of the scanner.
 *
 * Between two units the scan is described by a kernel: closures in groups, each group the threads that started at one
 * place, oldest first. A closure belongs to the oldest group that reaches it, because only the leftmost start of a
 * match matters. Two closures may have configurations in common; the older group's are reported first, and outlive the
 * others.
 *
 *   kernel     [ context | 12 15 31 | -1 | 4 | -1 | 7 9 | -1 ]
 *                          group 0      group 1  group 2       where each began is not in the kernel:
 *   registers  [            1002         1007     1011   ]     offsets are kept beside it, in the same order
 *
 * A step can only drop groups and append one that starts here. So equal kernels behave equally wherever they occur, and
 * kernels can be the states of a cached automaton while their offsets stay exact.
 *
 * The step works into buffers of its own and is used both by the cache (`dfa.ts`) and without it
 * (`uncached-cursor.ts`).
 */
import { STEP } from './work.ts';
import type { UnitClasses } from './unit-classes.ts';
import { FEW, FOLDED, MANY, REPORTS, WAITS } from '../build/closure-tables.ts';
import { Closures, NOWHERE } from '../build/closures.ts';
import type { Configs } from '../build/configs.ts';

/** Ends a group in a kernel. */
export const GROUP_END = -1;

/** Where a match that a step reports ends. */
export const BEFORE_UNIT = 0;
/** Before the unit, and before the invisible units that precede it: they are not part of a folded match. */
export const BEFORE_UNIT_FOLDED = 1;
export const AFTER_UNIT = 2;
/** After the unit; after the whole pair where folding reads a pair as one letter. */
export const AFTER_UNIT_FOLDED = 3;

/** Entries of an accept list: pattern, group (-1: starts at this unit), place of the end. */
export const ACCEPT_FIELDS = 3;

export class Stepper {
  readonly configs: Configs;
  readonly closures: Closures;
  readonly classes: UnitClasses;
  /** The kernel after the step. */
  next: number[] = [0];
  length = 0;
  /** Groups of the old kernel that live on, in order. Like `accepts` used again by the next step. */
  readonly kept: number[] = [];
  /** True if those are the oldest: 0, 1, 2, and so on. */
  keepsOldest = true;
  /** True if threads that start at this unit form a new last group. */
  appended = false;
  /** What matched, by `ACCEPT_FIELDS`. */
  readonly accepts: number[] = [];
  /** Work since the stepper was made, by all streams; see `work.ts`. */
  work = 0;

  private stamp = 0;
  private stamps: Int32Array = new Int32Array(256);

  constructor(configs: Configs, classes: UnitClasses) {
    this.configs = configs;
    this.closures = new Closures(configs);
    this.classes = classes;
  }

  /** The kernel before the first unit. */
  initial(): number[] {
    const { atStart, count } = this.configs.lookBehind;
    return [atStart * count + atStart];
  }

  /** Computes the kernel that follows `kernel[0, length)` on a class; results are in the fields. */
  step(kernel: readonly number[], length: number, unitClass: number): void {
    const { configs, closures, classes } = this;
    const { tables } = closures;
    const { count, ofLetter } = configs.lookBehind;
    const plain = classes.plain[unitClass]!;
    const folded = classes.folded[unitClass]!;
    const context = kernel[0]!;
    this.begin();

    for (let i = 1, group = 0; i < length; group++) {
      const from = this.length;
      let later: number[] | undefined;
      for (; kernel[i] !== GROUP_END; i++) {
        const closure = kernel[i]!;
        if ((tables.kind[closure]! & FOLDED) === 0) this.advance(closure, plain, group, BEFORE_UNIT);
        else if (folded.length === 1) this.advance(closure, folded[0]!, group, BEFORE_UNIT_FOLDED);
        else if (folded.length === 0) this.stay(closure);
        else (later ??= []).push(closure);
      }
      i++;
      if (later !== undefined) this.advanceThrough(later, folded, group, -1);
      if (!this.closeGroup(from)) continue;
      if (this.kept.length !== group) this.keepsOldest = false;
      this.kept.push(group);
    }

    const plainBehind = Math.trunc(context / count);
    let foldedBehind = context % count;
    const from = this.length;
    for (const closure of closures.startsOn(plainBehind, plain)) this.add(closure, -1, AFTER_UNIT);
    if (folded.length === 1) {
      for (const closure of closures.startsOn(foldedBehind, folded[0]!)) this.add(closure, -1, AFTER_UNIT_FOLDED);
    } else if (folded.length > 1) this.advanceThrough([], folded, -1, foldedBehind);
    this.appended = this.closeGroup(from);

    if (folded.length > 0) foldedBehind = ofLetter[folded[folded.length - 1]!]!;
    this.next[0] = ofLetter[plain]! * count + foldedBehind;
    if (this.accepts.length > ACCEPT_FIELDS) this.sortAccepts();
  }

  /** The matches that the end of the text completes, by `ACCEPT_FIELDS`. */
  end(kernel: readonly number[], length: number): readonly number[] {
    const { endings, tables } = this.closures;
    this.accepts.length = 0;
    for (let i = 1, group = 0; i < length; i++) {
      const closure = kernel[i]!;
      if (closure === GROUP_END) {
        group++;
        continue;
      }
      const place = (tables.kind[closure]! & FOLDED) !== 0 ? BEFORE_UNIT_FOLDED : BEFORE_UNIT;
      for (const pattern of endings[closure]!) this.accept(pattern, group, place);
    }
    return this.accepts;
  }

  private begin(): void {
    this.stamp++;
    this.work += STEP;
    this.length = 1;
    this.kept.length = 0;
    this.keepsOldest = true;
    this.accepts.length = 0;
  }

  /** Moves one closure over a letter. `settled` says where a match ends that only waited for this letter. */
  private advance(closure: number, letter: number, group: number, settled: number): void {
    const { closures } = this;
    const place = settled === BEFORE_UNIT ? AFTER_UNIT : AFTER_UNIT_FOLDED;
    const { few } = closures.tables;
    this.work++;
    // Looking up a remembered move costs about as much as moving two configurations.
    if (few[closure * FEW] !== MANY) {
      for (let i = closure * FEW; i < closure * FEW + FEW && few[i]! >= 0; i++) {
        this.advanceConfig(few[i]!, letter, group, settled, place);
      }
      return;
    }
    const move = closures.move(closure, letter);
    for (let i = 0; i < move.settled.length; i++) this.accept(move.settled[i]!, group, settled);
    for (let i = 0; i < move.reached.length; i++) this.add(move.reached[i]!, group, place);
  }

  private advanceConfig(config: number, letter: number, group: number, settled: number, place: number): void {
    const { tables } = this.closures;
    if (!tables.allows(config, letter)) return;
    const pattern = tables.completes[config]!;
    if (pattern >= 0) this.accept(pattern, group, settled);
    else {
      const closure = this.closures.after(config, letter);
      if (closure !== NOWHERE) this.add(closure, group, place);
    }
  }

  /** A closure that is reached: reports its certain matches, and keeps it if it waits for more. */
  private add(closure: number, group: number, place: number): void {
    if (this.isKnown(closure)) return;
    const kind = this.closures.tables.kind[closure]!;
    if ((kind & REPORTS) !== 0) {
      for (const pattern of this.closures.certain[closure]!) this.accept(pattern, group, place);
    }
    if ((kind & WAITS) !== 0) this.next[this.length++] = closure;
  }

  /** A closure that does not see the unit stays, and reports nothing again. */
  private stay(closure: number): void {
    if (!this.isKnown(closure)) this.next[this.length++] = closure;
  }

  /** True if an older group has reached the closure in this step, or this group before. */
  private isKnown(closure: number): boolean {
    this.work++;
    if (closure >= this.stamps.length) this.stamps = grown(this.stamps, closure + 1);
    if (this.stamps[closure] === this.stamp) return true;
    this.stamps[closure] = this.stamp;
    return false;
  }

  /**
   * A unit that folding reads as several letters. Threads of the group step through them; threads may start at each
   * (`behind` is the signature before the first letter, -1 if this is not the group of new threads). All of it happens
   * inside one unit, so starts lie before it and ends after it.
   */
  private advanceThrough(
    closuresBefore: readonly number[],
    letters: readonly number[],
    group: number,
    behind: number,
  ): void {
    const { closures } = this;
    const { ofLetter } = this.configs.lookBehind;
    let current = closuresBefore;
    let before = behind;
    for (const [index, letter] of letters.entries()) {
      const reached = new Set<number>();
      const place = index === 0 ? BEFORE_UNIT_FOLDED : AFTER_UNIT_FOLDED;
      for (const closure of current) {
        this.work++;
        const move = closures.move(closure, letter);
        for (const pattern of move.settled) this.accept(pattern, group, place);
        for (const next of move.reached) reached.add(next);
      }
      if (before >= 0) {
        for (const next of closures.startsOn(before, letter)) reached.add(next);
        before = ofLetter[letter]!;
      }
      if (index === letters.length - 1) {
        for (const next of reached) this.add(next, group, AFTER_UNIT_FOLDED);
        return;
      }
      for (const next of reached) {
        for (const pattern of closures.certain[next]!) this.accept(pattern, group, AFTER_UNIT_FOLDED);
        if (closures.waiting[next]!.length === 0) reached.delete(next);
      }
      current = [...reached];
    }
  }

  /** Groups are visited oldest first, so the first report of a pattern for a place has its leftmost start. */
  private accept(pattern: number, group: number, place: number): void {
    const { accepts } = this;
    for (let i = 0; i < accepts.length; i += ACCEPT_FIELDS) {
      if (accepts[i] === pattern && accepts[i + 2] === place) return;
    }
    accepts.push(pattern, group, place);
  }

  private closeGroup(from: number): boolean {
    if (this.length === from) return false;
    // Equal sets must be equal kernels, whatever order they were found in.
    sortRange(this.next, from, this.length);
    this.next[this.length++] = GROUP_END;
    return true;
  }

  /** Ends before the unit first, then by pattern: the order in which a sink hears of them. */
  private sortAccepts(): void {
    const entries: [pattern: number, group: number, place: number][] = [];
    for (let i = 0; i < this.accepts.length; i += ACCEPT_FIELDS) {
      entries.push([this.accepts[i]!, this.accepts[i + 1]!, this.accepts[i + 2]!]);
    }
    entries.sort((a, b) => (a[2] >> 1) - (b[2] >> 1) || a[0] - b[0]);
    this.accepts.length = 0;
    for (const entry of entries) this.accepts.push(...entry);
  }
}

function grown(array: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(Math.max(length, array.length * 2));
  larger.set(array);
  return larger;
}

/** Up to so many are put in order one by one: a step mostly leaves them nearly in order. */
const SORTED_ONE_BY_ONE = 160;

function sortRange(array: number[], from: number, to: number): void {
  if (to - from > SORTED_ONE_BY_ONE) {
    const sorted = Int32Array.from(array.slice(from, to)).sort();
    for (let i = 0; i < sorted.length; i++) array[from + i] = sorted[i]!;
    return;
  }
  for (let i = from + 1; i < to; i++) {
    const value = array[i]!;
    let j = i - 1;
    for (; j >= from && array[j]! > value; j--) array[j + 1] = array[j]!;
    array[j + 1] = value;
  }
}
