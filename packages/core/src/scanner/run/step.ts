/**
 * One step of the ordered partition: the heart of the scanner.
 *
 * Between two units the scan is described by a kernel: configurations in groups, each group the threads that started at
 * one place, oldest first. A configuration belongs to the oldest group that reaches it, because only the leftmost start of
 * a match matters.
 *
 *   kernel     [ context | 12 15 31 | -1 | 4 | -1 | 7 9 | -1 ]
 *                          group 0      group 1  group 2       where each began is not in the kernel:
 *   registers  [            1002         1007     1011   ]     offsets are kept beside it, in the same order
 *
 * A step can only drop groups and append one that starts here. So equal kernels behave equally wherever they occur, and
 * kernels can be the states of a cached automaton while their offsets stay exact.
 *
 * The step works into buffers of its own and is used both by the cache (`dfa.ts`) and without it (`cursor.ts`).
 */
import type { UnitClasses } from './unit-classes.ts';
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
  readonly classes: UnitClasses;
  /** The kernel after the step. */
  next: number[] = [0];
  length = 0;
  /** Groups of the old kernel that live on, in order. */
  kept: number[] = [];
  /** True if threads that start at this unit form a new last group. */
  appended = false;
  /** What matched, by `ACCEPT_FIELDS`. */
  accepts: number[] = [];
  /** Configurations looked at since the stepper was made: the unit of work that stays linear in the text. */
  work = 0;

  private stamp = 0;
  private stamps: Int32Array = new Int32Array(256);

  constructor(configs: Configs, classes: UnitClasses) {
    this.configs = configs;
    this.classes = classes;
  }

  /** The kernel before the first unit. */
  initial(): number[] {
    const { atStart, count } = this.configs.lookBehind;
    return [atStart * count + atStart];
  }

  /** Computes the kernel that follows `kernel[0, length)` on a class; results are in the fields. */
  step(kernel: readonly number[], length: number, unitClass: number): void {
    const { configs } = this;
    const { classes } = this;
    const { isFolded } = configs;
    const { count, ofLetter } = configs.lookBehind;
    const plain = classes.plain[unitClass]!;
    const folded = classes.folded[unitClass]!;
    const context = kernel[0]!;
    this.begin();

    for (let i = 1, group = 0; i < length; group++) {
      const from = this.length;
      let later: number[] | undefined;
      for (; kernel[i] !== GROUP_END; i++) {
        const config = kernel[i]!;
        if (isFolded[config] === false) this.advance(config, plain, group, BEFORE_UNIT);
        else if (folded.length === 1) this.advance(config, folded[0]!, group, BEFORE_UNIT_FOLDED);
        else if (folded.length === 0) this.add(config, group, AFTER_UNIT_FOLDED);
        else (later ??= []).push(config);
      }
      i++;
      if (later !== undefined) this.advanceThrough(later, folded, group, -1);
      if (this.closeGroup(from)) this.kept.push(group);
    }

    const plainBehind = Math.trunc(context / count);
    let foldedBehind = context % count;
    const from = this.length;
    for (const config of configs.startsOn(plainBehind, plain)) this.add(config, -1, AFTER_UNIT);
    if (folded.length === 1) {
      for (const config of configs.startsOn(foldedBehind, folded[0]!)) this.add(config, -1, AFTER_UNIT_FOLDED);
    } else if (folded.length > 1) this.advanceThrough([], folded, -1, foldedBehind);
    this.appended = this.closeGroup(from);

    if (folded.length > 0) foldedBehind = ofLetter[folded[folded.length - 1]!]!;
    this.next[0] = ofLetter[plain]! * count + foldedBehind;
    if (this.accepts.length > ACCEPT_FIELDS) this.sortAccepts();
  }

  /** The matches that the end of the text completes, by `ACCEPT_FIELDS`. */
  end(kernel: readonly number[], length: number): readonly number[] {
    const { configs } = this;
    this.accepts = [];
    for (let i = 1, group = 0; i < length; i++) {
      const config = kernel[i]!;
      if (config === GROUP_END) {
        group++;
        continue;
      }
      const pattern = configs.completes[config]!;
      if (pattern < 0 || !configs.lookAhead.acceptsEnd(configs.condition[config]!)) continue;
      this.accept(pattern, group, configs.isFolded[config] === true ? BEFORE_UNIT_FOLDED : BEFORE_UNIT);
    }
    return this.accepts;
  }

  private begin(): void {
    this.stamp++;
    this.length = 1;
    this.kept = [];
    this.accepts = [];
  }

  /** Moves one configuration over a letter. `settled` says where a match ends that only waited for this letter. */
  private advance(config: number, letter: number, group: number, settled: number): void {
    const { configs } = this;
    this.work++;
    if (configs.allowed[config]![letter] === 0) return;
    const pattern = configs.completes[config]!;
    if (pattern >= 0) {
      this.accept(pattern, group, settled);
      return;
    }
    const place = settled === BEFORE_UNIT ? AFTER_UNIT : AFTER_UNIT_FOLDED;
    const reached = configs.after(config, letter);
    for (let i = 0; i < reached.length; i++) this.add(reached[i]!, group, place);
  }

  private add(config: number, group: number, place: number): void {
    this.work++;
    if (config >= this.stamps.length) this.stamps = grown(this.stamps, config + 1);
    if (this.stamps[config] === this.stamp) return;
    this.stamps[config] = this.stamp;
    if (this.configs.isCertain[config] === true) {
      this.accept(this.configs.completes[config]!, group, place);
      return;
    }
    this.next[this.length++] = config;
  }

  /**
   * A unit that folding reads as several letters. Threads of the group step through them; threads may start at each
   * (`behind` is the signature before the first letter, -1 if this is not the group of new threads). All of it happens
   * inside one unit, so starts lie before it and ends after it.
   */
  private advanceThrough(
    configsBefore: readonly number[],
    letters: readonly number[],
    group: number,
    behind: number,
  ): void {
    const { configs } = this;
    let current = configsBefore;
    let before = behind;
    for (const [index, letter] of letters.entries()) {
      const reached = new Set<number>();
      for (const config of current) {
        this.work++;
        if (configs.allowed[config]![letter] === 0) continue;
        const pattern = configs.completes[config]!;
        if (pattern >= 0) this.accept(pattern, group, index === 0 ? BEFORE_UNIT_FOLDED : AFTER_UNIT_FOLDED);
        else for (const next of configs.after(config, letter)) reached.add(next);
      }
      if (before >= 0) {
        for (const next of configs.startsOn(before, letter)) reached.add(next);
        before = configs.lookBehind.ofLetter[letter]!;
      }
      if (index === letters.length - 1) {
        for (const next of reached) this.add(next, group, AFTER_UNIT_FOLDED);
        return;
      }
      for (const next of reached) {
        if (configs.isCertain[next] !== true) continue;
        this.accept(configs.completes[next]!, group, AFTER_UNIT_FOLDED);
        reached.delete(next);
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
    this.accepts = entries.flat();
  }
}

function grown(array: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(Math.max(length, array.length * 2));
  larger.set(array);
  return larger;
}

function sortRange(array: number[], from: number, to: number): void {
  if (to - from > 24) {
    const sorted = array.slice(from, to).sort((a, b) => a - b);
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
