import type { Segment } from '../contract/event.ts';
import type { TextPlan } from './plan.ts';
import type { Source } from './signals.ts';

/** One finding in one text. */
export interface Found {
  readonly source: Source;
  readonly start: number;
  readonly end: number;
}

/** What was found, and as what the text was judged. */
interface Judged {
  readonly as: string;
  readonly found: readonly Found[];
}

/** Below this length a new scan is cheaper than the look-up. */
const MIN_UNITS = 256;
const MAX_UNITS = 1_000_000;

/**
 * What the detectors found in the texts of one interaction (E7): the prompt that the HTTP layer has judged is not
 * judged again by the model's, nor is the history that an agent sends at every step. A plan belongs to one behaviour
 * version, so another version judges afresh. Bounded: when it is full, the oldest texts are forgotten.
 */
export class FindingsCache {
  /** Most interactions keep nothing. */
  #plans: Map<TextPlan, Map<string, Judged>> | undefined;
  #units = 0;

  /** Texts that only the scanner reads are kept when they are long, those that code reads always. */
  keeps(plan: TextPlan, { text }: Segment): boolean {
    return text.length <= MAX_UNITS && (plan.code.length > 0 || text.length >= MIN_UNITS);
  }

  clear(): void {
    this.#plans = undefined;
    this.#units = 0;
  }

  get(plan: TextPlan, segment: Segment): readonly Found[] | undefined {
    const known = this.#plans?.get(plan)?.get(segment.text);
    return known?.as === kindOf(segment) ? known.found : undefined;
  }

  set(plan: TextPlan, segment: Segment, found: readonly Found[]): void {
    const plans = (this.#plans ??= new Map<TextPlan, Map<string, Judged>>());
    const texts = plans.get(plan) ?? new Map<string, Judged>();
    plans.set(plan, texts);
    if (!texts.has(segment.text)) this.#units += segment.text.length;
    texts.set(segment.text, { as: kindOf(segment), found });
    for (const [text] of texts) {
      if (this.#units <= MAX_UNITS) break;
      texts.delete(text);
      this.#units -= text.length;
    }
  }
}

/** Code detectors see these too, so the same text in another role is another text. */
const kindOf = ({ role, channel }: Segment): string => `${role ?? ''}/${channel ?? 'text'}`;
