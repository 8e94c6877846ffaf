import type { Control } from './control.ts';
import type { Failure, LimitStanding } from './ruling.ts';

/** A cooldown in force for the event's subject. */
export interface ActiveCooldown {
  readonly ladder: string;
  /** Relative to the moment the snapshot was taken: no clock is compared across machines. */
  readonly retryAfterMs: number;
}

/** What a limit answered when it was charged for the event. */
export interface LimitAnswer {
  readonly limit: string;
  readonly exceeded: boolean;
  /** Milliseconds until the limit admits again; 0 unless exceeded. */
  readonly retryAfterMs: number;
  /**
   * What it allowed to this event, what is left of it, when some of it comes back, and over which time. Absent where
   * the store gave no answer.
   */
  readonly standing?: Omit<LimitStanding, 'limit'>;
}

/** A segment that was stopped before, and its length in UTF-16 units: what masks it whole needs no text. */
export interface StoppedBefore {
  readonly path: string;
  readonly length: number;
}

/** The state an event is decided on, gathered before the decision and recorded with it. */
export interface Snapshot {
  /** Controls whose scope covers the event. */
  readonly controls: readonly Control[];
  readonly cooldowns: readonly ActiveCooldown[];
  readonly limits: readonly LimitAnswer[];
  /** Segments of earlier messages that were stopped before in this session, in the order of the event. Absent: none. */
  readonly withheld?: readonly StoppedBefore[];
  /**
   * When the snapshot was taken, in milliseconds since the epoch. Present only where the policy exempts somebody at
   * this stage until some day; of a stream: when it was opened.
   */
  readonly at?: number;
  /** Parts of the state that could not be read. */
  readonly errors: readonly Failure[];
}

export const EMPTY_SNAPSHOT: Snapshot = Object.freeze({
  controls: Object.freeze([]),
  cooldowns: Object.freeze([]),
  limits: Object.freeze([]),
  errors: Object.freeze([]),
});

/** What the store answered to the strikes of a ruling: the input of `settle`. */
export interface StrikeAnswer {
  readonly ladder: string;
  /** Milliseconds of cooldown now in force on the ladder, 0 if none. */
  readonly retryAfterMs: number;
}
