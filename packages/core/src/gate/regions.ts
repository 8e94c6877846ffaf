/** A match as the gate sees it: a span of one text, with the mask its rule would put there. */
export interface Span {
  readonly start: number;
  readonly end: number;
  /** Signal type; the last tie-break between masks. */
  readonly type: string;
  readonly mask: string;
}

/** A union of overlapping or touching spans: one mask in the released text. */
export interface Region {
  start: number;
  end: number;
  /** The member that names the mask: smallest end, then smallest start, then type. */
  best: Span;
}

function names(a: Span, b: Span): boolean {
  if (a.end !== b.end) return a.end < b.end;
  if (a.start !== b.start) return a.start < b.start;
  return a.type < b.type;
}

/**
 * The spans of one text that must not leave, as disjoint regions in order.
 * Spans arrive in order of their ends (give or take one unit), so nearly all work happens at the tail.
 */
export class Regions {
  readonly #list: Region[] = [];

  /** The same regions, apart from these from now on. */
  copy(): Regions {
    const copy = new Regions();
    for (const region of this.#list) copy.#list.push({ ...region });
    return copy;
  }

  get size(): number {
    return this.#list.length;
  }

  add(span: Span): void {
    const list = this.#list;
    let at = list.length;
    while (at > 0 && list[at - 1]!.start > span.end) at--;
    let { start, end } = span;
    let best = span;
    let from = at;
    while (from > 0 && list[from - 1]!.end >= start) {
      const region = list[--from]!;
      if (names(region.best, best)) best = region.best;
      start = Math.min(start, region.start);
      end = Math.max(end, region.end);
    }
    list.splice(from, at - from, { start, end, best });
  }

  /** The region that contains `position`, or the next one after it. */
  at(position: number): Region | undefined {
    const list = this.#list;
    let low = 0;
    let high = list.length;
    while (low < high) {
      const mid = (low + high) >> 1;
      if (list[mid]!.end <= position) low = mid + 1;
      else high = mid;
    }
    return list[low];
  }

  /** Forgets regions that end before `position`: nothing can touch them any more. */
  dropBefore(position: number): void {
    let gone = 0;
    while (gone < this.#list.length && this.#list[gone]!.end < position) gone++;
    if (gone > 0) this.#list.splice(0, gone);
  }
}
