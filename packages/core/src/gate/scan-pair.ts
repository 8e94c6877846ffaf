import type { TextPlan } from '../detection/plan.ts';
import { Pace } from '../scanner/run/pace.ts';
import type { MatchSink, Scan } from '../scanner/types.ts';
import type { Allowance } from './allowance.ts';

/** The most units that the scan of voting patterns goes ahead of the other one. */
const TURN = 512;

/**
 * One text through both pattern sets of a plan: the one that holds text back, and the one that only listens and stops
 * nothing.
 */
export class ScanPair {
  readonly #voting: Scan | undefined;
  readonly #listening: Scan | undefined;
  #pace: Pace | undefined;

  constructor({ voting, listening }: TextPlan, onVoting: MatchSink, onListening: MatchSink, from?: ScanPair) {
    this.#voting = from === undefined ? voting?.set.open(onVoting) : from.#voting?.fork(onVoting);
    this.#listening = from === undefined ? listening?.set.open(onListening) : from.#listening?.fork(onListening);
  }

  /** Every unit before it is free of voting patterns; `position` if nothing is held. */
  hold(position: number): number {
    return this.#voting?.hold ?? position;
  }

  /** No match to come of a pattern that listens starts before it. */
  listensFrom(position: number): number {
    return this.#listening?.hold ?? position;
  }

  /** Work done so far. Other streams of the sets share the count, so take the difference over a call. */
  get work(): number {
    return (this.#voting?.work ?? 0) + (this.#listening?.work ?? 0);
  }

  /** Feeds all of a text; returns the units consumed, fewer only after a stop. */
  write(text: string): number {
    const consumed = this.#voting?.write(text) ?? text.length;
    this.#listening?.write(consumed === text.length ? text : text.slice(0, consumed));
    return consumed;
  }

  /**
   * Feeds `text` as far as the allowance goes; returns the units consumed, which may also end with the one that stopped
   * the scan.
   */
  writeSome(text: string, allowance: Allowance): number {
    const one = this.#voting ?? this.#listening;
    if (one === undefined) return text.length;
    if (this.#voting !== undefined && this.#listening !== undefined) return this.#inTurn(text, allowance);
    const { work } = one;
    const consumed = one.writeSome(text, 0, allowance.left);
    allowance.left -= one.work - work;
    return consumed;
  }

  end(): void {
    this.#voting?.end();
    this.#listening?.end();
  }

  dropBefore(position: number): void {
    this.#voting?.dropBefore(position);
  }

  #inTurn(text: string, allowance: Allowance): number {
    const pace = (this.#pace ??= new Pace(TURN));
    let at = 0;
    do {
      const { units } = pace;
      const turn = at === 0 && text.length <= units ? text : text.slice(at, at + units);
      const before = this.work;
      const consumed = this.write(turn);
      const work = this.work - before;
      pace.took(work);
      allowance.left -= work;
      at += consumed;
      if (consumed < turn.length) break;
    } while (at < text.length && allowance.left > 0);
    return at;
  }
}
