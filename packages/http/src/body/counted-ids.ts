/** What a counter of events writes; longer numbers may be cards, accounts or keys. */
const COUNTER = /^(?:0|[1-9]\d{0,8})$/;

/**
 * Ids of events that count on, each one more than the one before, as frameworks number them. Such an id says nothing
 * that the first of them, which is judged like any text, has not said.
 */
export class CountedIds {
  #last: number | undefined;

  /** True when `id` counts on. Whatever it is, the next one is compared with it. */
  follows(id: string): boolean {
    const now = COUNTER.test(id) ? Number(id) : undefined;
    const counts = now !== undefined && now - 1 === this.#last;
    this.#last = now;
    return counts;
  }

  /** The id that would count on; undefined where none would. */
  get next(): string | undefined {
    return this.#last === undefined ? undefined : `${this.#last + 1}`;
  }

  /** It has come. */
  advance(): void {
    this.#last!++;
  }
}
