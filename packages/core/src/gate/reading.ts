import type { PlanPattern, TextPlan } from '../detection/plan.ts';
import type { Allowance } from './allowance.ts';
import { ScanPair } from './scan-pair.ts';

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
  #scans: ScanPair;

  constructor(plan: TextPlan, matched: Matched<L>, name?: string, from?: Reading<L>) {
    this.#plan = plan;
    this.#matched = matched;
    this.name = name;
    this.parts = from?.parts ?? [];
    this.position = from?.position ?? 0;
    this.#scans = this.#open(from === undefined ? undefined : from.#scans);
  }

  /** Every unit before it is free, masks in place. */
  get frontier(): number {
    return this.over ? Number.POSITIVE_INFINITY : this.#scans.hold(this.position);
  }

  /** No match to come starts before it. */
  get finalBefore(): number {
    return Math.min(this.frontier, this.#scans.listensFrom(this.position));
  }

  /** Work done for it so far; what other readings of the plan cost may be part of it. */
  get work(): number {
    return this.#scans.work;
  }

  /** Reads all of a text, or up to the match that stopped the stream. */
  write(text: string): void {
    this.position += this.#scans.write(text);
  }

  /** Returns the units consumed: those that the allowance covers, or those up to the match that stopped the stream. */
  writeSome(text: string, allowance: Allowance): number {
    const consumed = this.#scans.writeSome(text, allowance);
    this.position += consumed;
    return consumed;
  }

  end(): void {
    this.#scans.end();
  }

  /** A copy that goes on from here alone, about the same leaves. */
  fork(): Reading<L> {
    return new Reading<L>(this.#plan, this.#matched, this.name, this);
  }

  /** Back to the beginning of its text. */
  restart(): void {
    this.position = 0;
    this.#scans = this.#open();
  }

  /** Back to where a copy was made. */
  rewind(copy: Reading<L>): void {
    this.position = copy.position;
    this.#scans = copy.#scans;
  }

  #open(from?: ScanPair): ScanPair {
    return new ScanPair(
      this.#plan,
      (index, start, end) => this.#report(this.#plan.voting!.patterns, index, start, end),
      (index, start, end) => this.#heard(index, start, end),
      from,
    );
  }

  #report(patterns: readonly PlanPattern[], index: number, start: number, end: number): boolean {
    return this.#matched(this, patterns[index]!, start, end);
  }

  /** What only listens stops nothing. */
  #heard(index: number, start: number, end: number): void {
    this.#report(this.#plan.listening!.patterns, index, start, end);
  }
}
