import type { PatternContext } from '../contract/detector.ts';
import type { PatternSet } from '../scanner/types.ts';
import type { Folding } from '../scanner/unicode/fold.ts';
import type { DigitRun } from './digit-run.ts';
import type { AskingByHead } from './heads.ts';
import type { KeyWordWatch } from './key-word-watch.ts';

/** A pattern that asks for its context. */
export interface Asking {
  /** Its index in the set as its user knows it. */
  readonly index: number;
  readonly context: PatternContext;
  /** It was found where any run of digits is looked for: the runs that it means. */
  readonly digits?: DigitRun | undefined;
  /** The number of the list of its key words in the plan's watch: it need not be asked where none of them is near. */
  readonly list?: number | undefined;
}

export interface NearAsking {
  readonly listed: readonly Asking[];
  readonly others: readonly Asking[];
  /** Index of the one of `listed` that waited last: the next candidate is probably like the last one. */
  likely: number;
}

/** Patterns that the scanner sees as one. */
export interface Shared {
  readonly folded: boolean;
  /** Index of a pattern without a context. */
  readonly plain?: number | undefined;
  readonly asking: readonly Asking[];
  /** Those of them that have a list of key words, and the others: all of those answer at once. Absent: no lists. */
  readonly near?: NearAsking | undefined;
  /** The list, in `ContextPlan.announcing`, of what announces the match of the only one who asks. Absent: none. */
  readonly announced?: number | undefined;
  /** There where some of them have heads and the pattern reads what is written. */
  readonly byHead?: AskingByHead<Asking> | undefined;
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
  /** Looks for the key words of all lists. Made when somebody first asks for it. */
  readonly watch: () => KeyWordWatch;
  /** Looks for what announces matches. Absent: nobody has a list of that. */
  readonly announcing: (() => KeyWordWatch) | undefined;
}
