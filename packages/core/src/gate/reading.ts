import type { PlanPattern, TextPlan } from '../detection/plan.ts';
import type { Scan } from '../scanner/types.ts';

/** A run of a leaf's text in a reading. */
export interface Part<L> {
  readonly leaf: L;
  readonly start: number;
  end: number;
  /** Position in the reading minus position in the leaf. */
  readonly shift: number;
}

/** Called for each match, with positions of the reading. Returns true when it ends the stream at this unit. */
export type Matched<L> = (reading: Reading<L>, pattern: PlanPattern, start: number, end: number) => boolean;

/** One way to read leaves (`L`): one of them alone, or the leaves of a thread one behind another. */
export class Reading<L> {
  /** Name of the thread; absent for a leaf alone. */
  readonly name: string | undefined;
  /** Where its text came from, as far as a match can still begin there. */
  readonly parts: Part<L>[];
  /** Ended or given up: it holds nothing any more. */
  over = false;
  /** Position up to which it was judged as if it ended there. */
  lapsedAt = 0;
  position = 0;
  readonly #plan: TextPlan;
  readonly #matched: Matched<L>;
  #voting: Scan | undefined;
  #listening: Scan | undefined;

  constructor(plan: TextPlan, matched: Matched<L>, name?: string, from?: Reading<L>) {
    this.#plan = plan;
    this.#matched = matched;
    this.name = name;
    if (from === undefined) {
      this.parts = [];
      this.restart();
      return;
    }
    this.parts = from.parts;
    this.position = from.position;
    this.#voting = from.#voting?.fork((index, start, end) => this.#report(plan.voting!.patterns, index, start, end));
    this.#listening = from.#listening?.fork((index, start, end) => this.#heard(index, start, end));
  }

  /** Every unit before it is free, masks in place. */
  get frontier(): number {
    return this.over ? Number.POSITIVE_INFINITY : (this.#voting?.hold ?? this.position);
  }

  /** No match to come starts before it. */
  get finalBefore(): number {
    return Math.min(this.frontier, this.#listening?.hold ?? this.position);
  }

  /** Returns the units consumed: all of them, or those up to the match that stopped the stream. */
  write(text: string): number {
    const consumed = this.#voting?.write(text) ?? text.length;
    this.#listening?.write(consumed === text.length ? text : text.slice(0, consumed));
    this.position += consumed;
    return consumed;
  }

  end(): void {
    this.#voting?.end();
    this.#listening?.end();
  }

  /** A copy that goes on from here alone, about the same leaves. */
  fork(): Reading<L> {
    return new Reading<L>(this.#plan, this.#matched, this.name, this);
  }

  /** Back to the beginning of its text. */
  restart(): void {
    const { voting, listening } = this.#plan;
    this.position = 0;
    this.#voting = voting?.set.open((index, start, end) => this.#report(voting.patterns, index, start, end));
    this.#listening = listening?.set.open((index, start, end) => this.#heard(index, start, end));
  }

  /** Back to where a copy was made. */
  rewind(copy: Reading<L>): void {
    this.position = copy.position;
    this.#voting = copy.#voting;
    this.#listening = copy.#listening;
  }

  #report(patterns: readonly PlanPattern[], index: number, start: number, end: number): boolean {
    return this.#matched(this, patterns[index]!, start, end);
  }

  /** What only listens stops nothing. */
  #heard(index: number, start: number, end: number): void {
    this.#report(this.#plan.listening!.patterns, index, start, end);
  }
}
