import type { Segment } from '../contract/event.ts';
import { mayHaveEscapes, Readings, type Reading } from '../content/readings.ts';
import type { Found } from '../detection/findings-cache.ts';
import type { PlanSet, TextPlan } from '../detection/plan.ts';
import { OPENING } from '../scanner/run/work.ts';
import type { TextScan } from '../scanner/types.ts';

/** A text to be scanned, and where its findings go. */
export interface ScannedText {
  readonly segment: Segment;
  readonly found: Found[];
}

const AS_WRITTEN: Reading['spanOf'] = (start, end) => [start, end];

/**
 * The scanner on complete texts, in stretches that end by the work done and not by the units read: what a unit costs
 * depends on the patterns and the text, by a factor of ten thousand. A text with escapes is read in each of its ways.
 */
export class SegmentScan {
  readonly #plan: TextPlan;
  readonly #texts: readonly ScannedText[];
  readonly #allowance = { left: 0 };
  #steps: Iterator<void> | undefined;

  constructor(plan: TextPlan, texts: readonly ScannedText[]) {
    this.#plan = plan;
    this.#texts = texts;
  }

  /** Goes on for about `budget` of work (`scanner/run/work.ts`). True when everything is scanned. */
  run(budget: number): boolean {
    const { listening } = this.#plan;
    if (listening === undefined) return true;
    this.#allowance.left = budget;
    this.#steps ??= this.#all(listening);
    return this.#steps.next().done === true;
  }

  /** Yields where a stretch ends. */
  *#all({ set, patterns }: PlanSet): Generator<void, void, void> {
    const allowance = this.#allowance;
    let into: Found[] = [];
    let spanOf = AS_WRITTEN;
    const scan = set.openTexts((pattern, from, to) => {
      const [start, end] = spanOf(from, to);
      into.push({ source: patterns[pattern]!, start, end });
    });
    for (const { segment, found } of this.#texts) {
      const { text } = segment;
      into = found;
      while (allowance.left <= 0) yield;
      if (!mayHaveEscapes(text)) {
        spanOf = AS_WRITTEN;
        while (!this.#isRead(scan, text)) yield;
        continue;
      }
      const readings = new Readings(text);
      while (!readings.run(allowance)) yield;
      for (const reading of readings.list) {
        ({ spanOf } = reading);
        while (allowance.left <= 0) yield;
        while (!this.#isRead(scan, reading.text)) yield;
      }
    }
  }

  #isRead(scan: TextScan, text: string): boolean {
    const before = scan.work;
    const isRead = scan.read(text, this.#allowance.left);
    this.#allowance.left -= scan.work - before + (isRead ? OPENING : 0);
    return isRead;
  }
}
