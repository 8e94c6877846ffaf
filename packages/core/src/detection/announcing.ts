import type { ContextPlan } from './context-plan.ts';
import { KeyWordsIn, type Units } from './key-word-watch.ts';
import { NEAR_BEFORE } from './key-worded.ts';

/** Whether what announces the matches of a pattern stands before them, in one text. */
export class Announcing {
  readonly #plan: ContextPlan;
  #words: KeyWordsIn | undefined;

  private constructor(plan: ContextPlan) {
    this.#plan = plan;
  }

  /** `undefined` where no pattern of the set is announced. */
  static of(plan: ContextPlan): Announcing | undefined {
    return plan.announcing === undefined ? undefined : new Announcing(plan);
  }

  /** See `Beginnings`: false where nothing of the pattern counts that begins in `[from, to)` of the text. */
  begins(text: string | Units, pattern: number, from: number, to: number): boolean {
    const { announcing, shared } = this.#plan;
    const words = (this.#words ??= new KeyWordsIn(announcing!()));
    return words.near(text, from - NEAR_BEFORE, to)?.has(shared[pattern]!.announced!) === true;
  }

  /** Another text comes, or another end of this one. */
  forget(): void {
    this.#words = undefined;
  }
}
