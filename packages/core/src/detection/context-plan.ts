import type { PatternContext } from '../contract/detector.ts';
import type { PatternSet } from '../scanner/types.ts';
import type { Folding } from '../scanner/unicode/fold.ts';

/** A pattern that asks for its context. */
export interface Asking {
  /** Its index in the set as its user knows it. */
  readonly index: number;
  readonly context: PatternContext;
}

/** Patterns that the scanner sees as one. */
export interface Shared {
  readonly folded: boolean;
  /** Index of a pattern without a context. */
  readonly plain?: number;
  readonly asking: readonly Asking[];
}

/** What the scans of a set share. */
export interface ContextPlan {
  readonly inner: PatternSet;
  /** By pattern of the inner set. */
  readonly shared: readonly Shared[];
  /** Units before a match that somebody sees. */
  readonly before: number;
  /** Somebody wants to see what follows a match. */
  readonly looksAhead: boolean;
  readonly folding: Folding | undefined;
}
