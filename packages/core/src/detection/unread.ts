import type { Findings } from '../contract/detector.ts';

/** What is known of a text that nobody has read. */
export const UNREAD: Findings = Object.freeze({
  signals: Object.freeze([]),
  errors: Object.freeze([]),
  coverage: Object.freeze({ detectors: Object.freeze([]), segments: Object.freeze([]), unjudged: Object.freeze([]) }),
});
