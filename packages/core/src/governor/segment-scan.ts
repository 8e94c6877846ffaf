import type { Segment } from '../contract/event.ts';
import type { Found } from '../detection/findings-cache.ts';
import type { TextPlan } from '../detection/plan.ts';
import { OPENING } from '../scanner/run/work.ts';
import type { TextScan } from '../scanner/types.ts';

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
  #scan: TextScan | undefined;

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
      if (left <= 0) return false;
      const scan = (this.#scan ??= listening.set.openTexts((pattern, start, end) => {
        this.#texts[this.#index]!.found.push({ source: listening.patterns[pattern]!, start, end });
      }));
      const before = scan.work;
      const isRead = scan.read(this.#texts[this.#index]!.segment.text, left);
      left -= scan.work - before;
      if (!isRead) return false;
      left -= OPENING;
      this.#index++;
    }
    return true;
  }
}
