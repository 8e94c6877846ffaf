/**
 * Receives matches while a scan runs, in order of the unit that completed them. `start` is the leftmost start of a
 * match of `pattern` that ends at `end`; offsets are positions in the stream. An end may be reported again when the
 * next unit completes a match with an earlier start: the smallest start counts. `seen` is the position after the unit
 * that completed it; the end of the text counts as a unit. Return `true` to stop the scan at the current unit (a
 * block): everything that unit completes is still reported.
 */
export type MatchSink = (pattern: number, start: number, end: number, seen: number) => boolean | void;

/**
 * False where nothing of `pattern` counts that begins in `[from, to)`, whatever it is: for who knows more of the text
 * than the scanner. Asked before a validator is, which then need not look for a match among all starts of an end.
 */
export type Beginnings = (pattern: number, from: number, to: number) => boolean;

/** A set of patterns compiled into one automaton (or a few); shared by any number of streams. */
export interface PatternSet {
  /** Number of patterns; a match names its pattern by index. */
  readonly size: number;
  /** Things worth telling the policy's author, none of which is wrong. */
  readonly warnings: readonly PatternWarning[];
  /** Starts a stream at position 0. */
  open(sink: MatchSink, begins?: Beginnings): Scan;
  /**
   * For texts that are complete, one after the other: finds what a stream would, in the order of the text, and looks
   * closely only where there may be something.
   */
  openTexts(sink: MatchSink, begins?: Beginnings): TextScan;
  /**
   * True if a pattern matches the whole text, from its first unit to its last: `/\d+/` matches `12` whole and `12a`
   * not. The text is complete: assertions see its edges, and validators are asked. An empty text is matched by no
   * pattern. Makes no objects of its own, and stops reading where no match of the whole can come any more.
   */
  probe(text: string): boolean;
}

export interface PatternWarning {
  readonly pattern: number;
  readonly message: string;
}

/** Scans complete texts, see `PatternSet.openTexts`. */
export interface TextScan {
  /** As `Scan.work`. */
  readonly work: number;
  /** True after the sink stopped the scan, which is of no use then. */
  readonly stopped: boolean;
  /**
   * Goes on with a text until about `budget` of work is done. True when the text is scanned and everything in it
   * reported, or the scan was stopped; otherwise call again with the same text. What it has found is reported when it
   * pleases, the last of it before it returns true. The call after that may bring another text.
   */
  read(text: string, budget: number): boolean;
}

/** One stream through a pattern set. */
export interface Scan {
  /** Units seen so far. */
  readonly position: number;
  /**
   * Smallest position that some continuation, the end included, could still make part of a match.
   * Equals `position` when nothing is held. After a stop: the value before the unit that stopped the scan.
   */
  readonly hold: number;
  /** True after the sink stopped the scan; `write` and `end` then do nothing. */
  readonly stopped: boolean;
  /**
   * Work done so far by the set's automata, in units of ten to twenty nanoseconds (`run/work.ts`): one for a unit of
   * text that is looked up, more for what must be computed, reported or validated. All streams of the set share the
   * count, so take the difference over a call.
   */
  readonly work: number;
  /**
   * Feeds text; returns the units consumed, less than `text.length` only after a stop (the stopping unit is counted).
   */
  write(text: string): number;
  /**
   * Feeds `text` from index `from` on until about `budget` of work is done, and at least one character; returns the
   * index up to which the text has been consumed. Feed the rest next: a long text, or a dear one, then never keeps a
   * process from its other work for longer than `SLICE_WORK` takes. As with `write`, what is found and held does not
   * depend on the cuts.
   */
  writeSome(text: string, from: number, budget: number): number;
  /**
   * Called by a sink: the `writeSome` under way returns as if its budget were spent, less than 64 units behind the
   * `seen` of the match (or 65, where that is half a character). Absent: the scan cannot.
   */
  pause?(): void;
  /**
   * Ends the text: reports the matches that the end completes. Nothing is held afterwards, unless the sink stopped it.
   */
  end(): void;
  /** An independent scan that continues from here, reporting to another sink, and asking another. */
  fork(sink: MatchSink, begins?: Beginnings): Scan;
  /**
   * Gives up the text before `position`, which `maxHold: release` lets go: `hold` is no less than `position`
   * afterwards. A match that began earlier is still reported if it completes, as beginning at `position`.
   */
  dropBefore(position: number): void;
  /** Back to the beginning, for another text and the same sink. Absent: open another scan instead. */
  reset?(): void;
}
