import type { Channel, Role } from './event.ts';
import type { Signal } from './signal.ts';
import type { Coverage, Failure, FailureCode } from './ruling.ts';

/**
 * What stands around a candidate decides whether it counts: nine digits are a number of something until `SSN` stands
 * beside them.
 *
 *     context: { before: 40, after: 0, accepts: (match, before) => /\bssn\W*$/i.test(before) }
 *
 * A pattern whose match may go on behind its end (`\w+`, not `\w+(?!\w)`) is held until no longer match can come, so
 * that a refused short one lets nothing of a long one out. It must then be of bounded length, as with `validate`.
 */
export interface PatternContext {
  /** Units before the match that `accepts` sees: 0 to 256. */
  readonly before: number;
  /** Units behind the match that it may ask for: 0 to 256. */
  readonly after: number;
  /** The match is given as it stands, like what is around it. Absent: as the pattern reads it. */
  readonly asWritten?: true;
  /**
   * Pure. Asked when the match is complete, without `after`: true counts, false does not, and `undefined` asks again
   * when `after` units have come or the text has ended; until then the text from the match on waits. The match is given
   * as the pattern reads it (folded, if it is), what stands around it as it stands. One that throws has refused
   * nothing: the candidate counts. `written`: the match as it stands, where the pattern reads it otherwise.
   */
  readonly accepts: (match: string, before: string, after: string | undefined, written?: string) => boolean | undefined;
}

/**
 * Something to look for with the scanner.
 * A `RegExp` keeps its flags `i`, `u`, `v`, `s` and `m`; a phrase is literal text.
 */
export interface Pattern {
  /** Signal type reported for a match. */
  readonly type: string;
  readonly find: RegExp | { readonly phrase: string };
  /** Confidence of a match, default 1. */
  readonly score?: number;
  /**
   * Read look-alikes as the letter they imitate and skip invisible characters. Default `true` for phrases,
   * `false` for regular expressions: exact secrets must not be folded.
   */
  readonly fold?: boolean;
  /**
   * Accepts or refuses a candidate (a checksum). Pure. Needs a pattern of bounded length. One that throws has refused
   * nothing: the candidate counts.
   */
  readonly validate?: (match: string) => boolean;
  /** Which candidates a validator sees: every start and end (default), or only the leftmost longest. */
  readonly candidates?: 'all' | 'leftmost-longest';
  /** Text around a match decides whether it counts. Not with `leftmost-longest`. A validator is asked before. */
  readonly context?: PatternContext;
  /**
   * Units at the end of a match that are no part of its span: a mask over `4111 1111 1111 1111` then leaves `1111`. All
   * of a match that is shorter than three times as much is its span. 1 to 4; default 0.
   */
  readonly keepLast?: number;
  /** Phrases only: match inside words too. Default `false`: whole words, in the Unicode sense. */
  readonly insideWords?: boolean;
  /**
   * Phrases only: marks of Markdown and HTML, and punctuation, may stand at the borders of its words, as in
   * `ignore, **previous** instructions`. Default `false`.
   */
  readonly marks?: boolean;
  /** Phrases only: its characters may be written as escapes of HTML, JSON and URLs: `&#105;gnore`. Default `false`. */
  readonly escapes?: boolean;
}

/** What a detector reports about one text. */
export interface Finding {
  readonly type: string;
  readonly score: number;
  readonly start: number;
  readonly end: number;
}

/** The text a `detect` function sees, with its place. */
export interface DetectorInput {
  readonly text: string;
  readonly role?: Role;
  readonly channel: Channel;
  readonly path: string;
  /**
   * Units at the beginning that earlier windows have settled: context, which may have left already. A finding about the
   * text as a whole spans from here to the end. 0 where the text is complete.
   */
  readonly settled: number;
  /**
   * The system prompts of the interaction: what `interaction.protect` was given, and what its events to the model held.
   * Absent: none is known.
   */
  readonly prompts?: readonly string[];
  /** Aborted when the answer is no longer wanted (deadline, halt, client gone). */
  readonly signal: AbortSignal;
}

/** `detect` sees `size` units at every `stride` units, and text leaves when every window that holds it was judged. */
export interface SlidingWindow {
  readonly size: number;
  readonly stride: number;
}

/**
 * Windows for judges, which are slow: each brings new text, with text from before as context, and what it has judged is
 * settled.
 *
 *     window: { first: 40, step: 240, overlap: 200, margin: 20, clockMs: 1000, inFlight: 4 }
 *
 * judges 0..40, 0..120, 0..280, 80..520, 320..760 and so on; after the second verdict text leaves up to 100.
 */
export interface GrowingWindow {
  /**
   * Units of the first window; each further one brings twice as many new units as the one before, at most `step`.
   * Default: `step`.
   */
  readonly first?: number;
  /** New units of a window. */
  readonly step: number;
  /** Units before its new text that a window shows again. Default 0. */
  readonly overlap?: number;
  /**
   * Units at the end of what was judged that wait for the next verdict, so that a passage which a window cuts in two is
   * seen whole before its first half leaves. Less than `first`, at most `overlap`. Default 0.
   */
  readonly margin?: number;
  /**
   * Milliseconds after which text that fills no window yet is judged all the same, and after which the margin of a text
   * that does not go on is let go. Absent: text waits until its window is full.
   */
  readonly clockMs?: number;
  /** Windows of one text that may be under way at a time; further ones wait. Default: any number. */
  readonly inFlight?: number;
}

/** How a `detect` function sees text that arrives piece by piece. */
export type DetectorWindow = SlidingWindow | GrowingWindow;

/**
 * In place of findings: the detector was not asked to look (a sample leaves the text out), so nothing is known of it.
 */
export type NotAsked = 'not_asked';

/**
 * Text in, findings out. Give `patterns` (exact in streams, run by the shared scanner), or `detect` (any code), or
 * both. `id` and `version` enter the behaviour version: change `version` whenever findings may change.
 */
export interface Detector {
  readonly id: string;
  readonly version: string;
  /** Every signal type it may report. A rule that names another one does not load. */
  readonly types: readonly string[];
  readonly patterns?: readonly Pattern[];
  readonly detect?: (input: DetectorInput) => readonly Finding[] | NotAsked | Promise<readonly Finding[] | NotAsked>;
  /** With `detect` on streams: judge by windows as text arrives. Absent: the whole block is judged at its end. */
  readonly window?: DetectorWindow;
  /** With `detect`: how long one answer may take, in milliseconds, in place of the policy's `deadline`. */
  readonly deadlineMs?: number;
}

/** What the policy compiler needs to know of the detectors: names and versions, nothing that runs. */
export interface DetectorInfo {
  readonly id: string;
  readonly version: string;
  readonly types: readonly string[];
  /** `pattern`: found by the scanner; `code`: found by a function; `both`. */
  readonly kind: 'pattern' | 'code' | 'both';
  /** Digest material for patterns whose content is part of the policy (phrase lists); else absent. */
  readonly content?: string;
}

/** What the detectors reported about one event: the `signals` argument of `decide`. */
export interface Findings {
  /** Sorted by segment order, start, end, type, detector. */
  readonly signals: readonly Signal[];
  readonly errors: readonly Failure[];
  readonly coverage: Omit<Coverage, 'covered'>;
  /** The size bound that text arriving piece by piece ran into: the stream was stopped there. */
  readonly exceeded?: 'INPUT_TOO_LARGE' | 'MAX_HOLD';
  /**
   * Signal types that were looked for in all of the text that was scanned, sorted. A detector may report more types
   * than were asked for.
   */
  readonly lookedFor?: readonly string[];
  /**
   * Results of conditions, by rule, where they are known already: a record keeps them in place of arguments that it may
   * not hold.
   */
  readonly conditions?: ConditionResults;
}

/** By rule id: what the rule's condition answered, or why it could not. */
export type ConditionResults = { readonly [rule: string]: boolean | FailureCode };
