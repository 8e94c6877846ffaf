import type { Mode, OnError, Outcome } from './effect.ts';
import type { Reason } from './reasons.ts';
import type { Signal } from './signal.ts';

/** What the policy says, whatever the mode. */
export interface Verdict {
  readonly outcome: Outcome;
  readonly reason: Reason;
  /** Id of the rule, limit or ladder that decided. */
  readonly ruleId?: string;
}

/** Replace `[start, end)` of a segment's text with `mask`. Offsets are UTF-16 units of the original text. */
export interface Edit {
  readonly segment: string;
  readonly start: number;
  readonly end: number;
  readonly mask: string;
}

/** An offence to be counted after the decision: points against a ladder. */
export interface Strike {
  readonly ladder: string;
  /** Whole points, at least 1. */
  readonly points: number;
  /** Rules that asked for it, sorted by id. */
  readonly rules: readonly string[];
}

/** A part that could not be evaluated. Data in the ruling, never an exception. */
export interface Failure {
  readonly part: FailurePart;
  /** Id of the part: a detector's, a rule's, a ladder's or limit's, a sink's name, the path of unreadable content. */
  readonly id: string;
  /** What went wrong, as a stable code. */
  readonly code: FailureCode;
}

/**
 * What failed. `detector`, `condition`, `store`, `limit` (the argument it counts is missing or no amount), `subject`,
 * `content` (a part of the event that an adapter could not read), `labels` (more than an interaction carries) and
 * `edit` appear in rulings; `audit` (a sink), `policy`, `listener` and `wording` (an application's own text of a
 * refusal) are told to the listeners of the governor's events.
 */
export type FailurePart =
  | 'detector'
  | 'condition'
  | 'store'
  | 'limit'
  | 'subject'
  | 'content'
  | 'labels'
  | 'edit'
  | 'audit'
  | 'policy'
  | 'listener'
  | 'wording';

/** `CANCELLED`: nobody wanted the answer any more, because of a halt, an abort, or because the client left. */
export type FailureCode =
  | 'THREW'
  | 'TIMEOUT'
  | 'CANCELLED'
  | 'INVALID_ANSWER'
  | 'UNAVAILABLE'
  | 'STALE'
  | 'MISSING'
  | 'UNREADABLE'
  | 'FULL';

/** How far one segment (or one streamed block) was looked at. */
export interface ScannedSegment {
  readonly path: string;
  /** Units the segment had, or that arrived before the stream was cut. */
  readonly length: number;
  /** Units that every detector listed in `Coverage.detectors` has judged. */
  readonly scanned: number;
}

/** Text that left without a judgement, by the policy's own declaration. */
export interface Unjudged {
  readonly path: string;
  readonly start: number;
  readonly end: number;
  /**
   * `trail`: the policy lets text go before it is judged; `max_hold`: it was held too long; `on_error`: a detector
   * failed, and the policy opens; `settled`: an earlier window of the detector had judged it and found nothing, a later
   * one did.
   */
  readonly why: 'trail' | 'max_hold' | 'on_error' | 'settled';
}

/** Windows or segments that a detector was not asked about: its `when` did not hold, or a sample left them out. */
export interface NotAskedCount {
  readonly detector: string;
  readonly texts: number;
}

/** How far text had gone on, or how long it had been out, when it was judged. */
export interface Ahead {
  /** UTF-16 units of text that had left since. */
  readonly units: number;
  /** Milliseconds since it left. */
  readonly ms: number;
}

/**
 * What `stream: trail` cost in one stream: text leaves, and a detector judges behind it.
 *
 *     { detector: 'toxicity', mean: { units: 180, ms: 870 }, most: { units: 290, ms: 1380 }, expected: { units: 195, ms: 930 } }
 */
export interface Exposure {
  readonly detector: string;
  /** On average over the text that left unjudged. */
  readonly mean: Ahead;
  /** Of the text that was out longest. */
  readonly most: Ahead;
  /**
   * What `mean` was expected to be when the first text was judged: what it was in the streams of this policy that this
   * process has seen. Absent: it had seen none.
   */
  readonly expected?: Ahead;
}

/** What was scanned, by what, up to where. An unscanned part is said, never implied. */
export interface Coverage {
  /** True when the policy covers the event (contract section 2). */
  readonly covered: boolean;
  /**
   * Ids of the detectors that ran, sorted. Which of their types were looked for is in the record (`inputs.lookedFor`).
   */
  readonly detectors: readonly string[];
  readonly segments: readonly ScannedSegment[];
  readonly unjudged: readonly Unjudged[];
  /**
   * Present when a stream was cut before its source had ended it, so that nothing is known of the rest: `stopped` by a
   * match, a bound or a halt; `aborted` because its source failed, its reader left or its governor closed. Whatever the
   * outcome says then holds for the text that had arrived. Absent: the text was complete.
   */
  readonly ended?: 'stopped' | 'aborted';
  /** Sorted by detector. Absent: every detector was asked about all of the text. */
  readonly notAsked?: readonly NotAskedCount[];
  /** Sorted by detector. Absent: nothing left before its judgement by `stream: trail`. */
  readonly exposure?: readonly Exposure[];
  /** How many media (pictures, sound, files that hold no text) the event listed: nobody read them. Absent: none. */
  readonly media?: number;
}

/** What is left of a limit after it was charged for an event. Numbers are in the limit's unit. */
export interface LimitStanding {
  readonly limit: string;
  readonly allow: number;
  readonly remaining: number;
  /**
   * Milliseconds until the window starts over, or, where it slides, until the oldest of what counts leaves it. 0 when
   * nothing counts.
   */
  readonly resetMs: number;
  /** Length of the window; of a day, week or month of the calendar the usual one. */
  readonly perMs: number;
}

/** What is enforced and everything that explains it. Equal facts give equal rulings, byte for byte. */
export interface Ruling {
  readonly outcome: Outcome;
  readonly reason: Reason;
  readonly ruleId?: string;
  /** Every rule that matched, sorted by id, shadow rules included. */
  readonly rules: readonly MatchedRule[];
  readonly verdict: Verdict;
  readonly mode: Mode;
  readonly edits: readonly Edit[];
  /** What rules would have redacted in segments that are `fixed`: it stays as it was. Absent: nothing. */
  readonly notApplied?: readonly Edit[];
  /**
   * Earlier messages that were stopped before in this session, by path: masked whole, and no reason to stop. Absent:
   * none.
   */
  readonly withheld?: readonly string[];
  /**
   * Exemptions that had an effect, by id: signals of these types were found, are listed under `signals`, and no rule
   * counted them. Absent: none.
   */
  readonly exempted?: readonly Exempted[];
  readonly signals: readonly Signal[];
  readonly labels: readonly string[];
  readonly strikes: readonly Strike[];
  readonly errors: readonly Failure[];
  readonly coverage: Coverage;
  /** Milliseconds to wait; only with `COOLDOWN`. */
  readonly retryAfterMs?: number;
  /** What is left of the limits that were charged, by id. Absent where none was, or the store gave no answer. */
  readonly limits?: readonly LimitStanding[];
  readonly onError: OnError;
  readonly policyId: string;
  readonly policyVersion: string;
  /** `bv1_` and 32 hex digits of the digest of everything that can change a ruling. */
  readonly behaviorVersion: string;
}

/** What an exemption of the policy left uncounted. */
export interface Exempted {
  readonly id: string;
  /** Sorted. */
  readonly types: readonly string[];
}

export interface MatchedRule {
  readonly id: string;
  /** Present when the rule was evaluated and recorded only. */
  readonly shadow?: true;
}

/** A ruling in its envelope: the only parts that differ between two runs on the same facts. */
export interface Decision extends Ruling {
  readonly auditId: string;
  readonly interactionId: string;
  readonly eventId: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /**
   * Microseconds from the event's arrival to the decision. Of a stream: those spent opening and concluding it, not the
   * model's.
   */
  readonly durationUs: number;
}
