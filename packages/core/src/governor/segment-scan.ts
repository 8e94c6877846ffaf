import type { Segment } from '../contract/event.ts';
import type { Found } from '../detection/findings-cache.ts';
import type { TextPlan } from '../detection/plan.ts';
import type { Scan } from '../scanner/types.ts';

/** A text to be scanned, and where its findings go. */
export interface ScannedText {
  readonly segment: Segment;
  readonly found: Found[];
}

/**
 * The scanner on complete texts, in stretches that end by the work done and not by the units read: what a unit costs
 * depends on the patterns and the text, by a factor of ten thousand.
 */
export class SegmentScan {
  readonly #plan: TextPlan;
  readonly #texts: readonly ScannedText[];
  #index = 0;
  #at = 0;
  #scan: Scan | undefined;

  constructor(plan: TextPlan, texts: readonly ScannedText[]) {
    this.#plan = plan;
    this.#texts = texts;
  }

  /** Goes on for about `budget` of work (`scanner/run/work.ts`). True when everything is scanned. */
  run(budget: number): boolean {
    const { listening } = this.#plan;
    if (listening === undefined) return true;
    let left = budget;
    while (this.#index < this.#texts.length) {
      const { segment, found } = this.#texts[this.#index]!;
      const scan = (this.#scan ??= listening.set.open(
        (pattern, start, end) => void found.push({ source: listening.patterns[pattern]!, start, end }),
      ));
      const before = scan.work;
      this.#at = scan.writeSome(segment.text, this.#at, left);
      left -= scan.work - before;
      if (this.#at < segment.text.length) return false;
      scan.end();
      this.#scan = undefined;
      this.#at = 0;
      this.#index++;
    }
    return true;
  }
}
