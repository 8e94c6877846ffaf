/** A hundred steps tell scores apart as well as anybody can read them, whatever the number of records. */
const STEPS = 100;

/** Scores from 0 to 1, counted by step. */
export class Scores {
  readonly #counts: number[] = Array.from({ length: STEPS + 1 }, () => 0);
  #count = 0;

  add(score: number): void {
    const step = Math.min(STEPS, Math.max(0, Math.round(score * STEPS)));
    this.#counts[step]!++;
    this.#count++;
  }

  /** The least, the middle and the highest, to two decimals. */
  summary(): { readonly least: number; readonly middle: number; readonly most: number } | undefined {
    if (this.#count === 0) return undefined;
    return { least: this.#at(0), middle: this.#at(Math.floor((this.#count - 1) / 2)), most: this.#at(this.#count - 1) };
  }

  #at(rank: number): number {
    let below = 0;
    const step = this.#counts.findIndex((count) => (below += count) > rank);
    return step / STEPS;
  }
}
