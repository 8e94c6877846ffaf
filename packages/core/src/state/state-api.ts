import type { Control } from '../contract/control.ts';
import type { GovernedEvent } from '../contract/event.ts';
import type { Ladder, Limit } from '../contract/limits.ts';
import type { Failure, Strike } from '../contract/ruling.ts';
import type { ActiveCooldown, LimitAnswer, StrikeAnswer } from '../contract/snapshot.ts';
import type { OperatorControls } from './operator.ts';
import type { SubjectControls } from './subjects.ts';
import type { Amount, Hold, Store } from '../store/store.ts';
import type { StoreError } from '../store/store-error.ts';
import type { Answer } from '../outside/call.ts';
import type { MaybePromise } from '../outside/maybe-promise.ts';

export interface StateOptions {
  /** Default: a memory store of its own. */
  readonly store?: Store;
  /** Without confirmation from the store for this long, what is known of it counts as failed. Default 5,000. */
  readonly staleAfterMs?: number;
  /** How often changes are re-read, whatever was pushed. Default 900: with the way to the store, within a second. */
  readonly pollMs?: number;
  /** Longest wait for one store call that an event waits for. Default: what the store says, else 25. */
  readonly deadlineMs?: number;
  /** Longest wait for calls that no event waits for: controls, re-reads, queued writes. Default 1,000. */
  readonly backgroundTimeoutMs?: number;
  /** Most writes kept while the store is gone. Default 10,000. */
  readonly maxPending?: number;
  /** Makes the ids of controls. Default: `ctl_` and a random UUID. */
  readonly mintControlId?: () => string;
  /** Milliseconds on a clock that never goes back; its zero does not matter. Default: `performance.now`. */
  readonly now?: () => number;
}

/** What one rule found in one place, so that the same text sent again is not an offence again. */
export interface Offence {
  readonly rule: string;
  /**
   * Keyed hash of the segment's text: state never holds text. The same text counts once per session, or per interaction
   * where there is no session. Absent: it lies in no text and counts once per event.
   */
  readonly segment?: string;
  /** It is an earlier message, sent again: it is no new offence, even where each sending counts. */
  readonly history?: true;
  /** The rule's points by ladder. */
  readonly strike: { readonly [ladder: string]: number };
  /** The ladder that the rule's `then: cooldown` names. */
  readonly ladder?: string;
}

export interface StrikeInit {
  readonly strikes: readonly Strike[];
  readonly ladders: { readonly [id: string]: Ladder };
  readonly event: GovernedEvent;
  readonly shadow: boolean;
  /**
   * Where the strikes come from, and which ladders are climbed at once. Absent: nothing of them lies in text, and they
   * count once per event.
   */
  readonly offences?: readonly Offence[];
}

export interface ChargeInit {
  readonly limits: readonly Limit[];
  readonly event: GovernedEvent;
  readonly shadow: boolean;
  /** Keyed hash of the output, for limits on `repeats`; without it they are not charged. */
  readonly output?: string;
  /**
   * True when nobody can have charged the event or its interaction before: it is the first event of an interaction that
   * this process began. A subject whose wait is known is then refused without asking the store. Any other event is
   * asked about where its limit counts ids, because an id that was admitted before stays admitted.
   */
  readonly first?: boolean;
}

export interface ReportInit {
  /** Limits of other units are passed over. */
  readonly limits: readonly Limit[];
  readonly unit: string;
  /** Not negative. Counted in millionths; what is above nothing counts one at least. */
  readonly amount: number;
  /**
   * Reports with one id count once: give one where the same report may be made again. Default: each call is a report of
   * its own.
   */
  readonly id?: string;
  /** With 0: the attempt of the reservation that is given back. */
  readonly attempt?: string;
  readonly event: GovernedEvent;
  readonly shadow: boolean;
}

export interface LabelsInit {
  readonly event: GovernedEvent;
  /** Names the session carries from now on. Empty: it is only read. */
  readonly add: readonly string[];
  /** How long they are remembered after the last addition, in milliseconds. */
  readonly rememberMs: number;
  readonly shadow: boolean;
}

/** What a session carries: all of it, or with a failure in `errors` what this process alone knows. */
export interface SessionLabels {
  readonly labels: readonly string[];
  readonly errors: readonly Failure[];
}

/**
 * Which texts were stopped in a session, by keyed hash: all of them, or with a failure in `errors` what this process
 * alone knows.
 */
export interface StoppedTexts {
  readonly hashes: readonly string[];
  readonly errors: readonly Failure[];
}

export interface Charged {
  /** One for each limit that was asked, in order. */
  readonly answers: readonly LimitAnswer[];
  readonly errors: readonly Failure[];
  /**
   * Places taken in `in_flight` limits by this call, and after a failure those that it may have taken: give them to
   * `release` when the work is over. They are renewed until then, as long as they are referred to.
   */
  readonly held: readonly Hold[];
  /** What it reserved, if anything: tell `settle` whether the decision lets it stand. */
  readonly reserved?: Reserved;
}

/** Amounts that a charge has taken. */
export interface Reserved {
  readonly amounts: readonly Amount[];
  /** False: the store gave no answer, and may have taken them or not. */
  readonly certain: boolean;
}

export interface ReserveInit {
  /** Limits of other units are passed over. */
  readonly limits: readonly Limit[];
  readonly unit: string;
  /** Not negative. Counted in millionths; what is above nothing counts one at least. */
  readonly amount: number;
  /** Reservations with one id are taken once, and `report` settles what its id names. */
  readonly id: string;
  readonly event: GovernedEvent;
  readonly shadow: boolean;
}

export interface Struck {
  readonly answers: readonly StrikeAnswer[];
  readonly errors: readonly Failure[];
}

export interface StateStatus {
  readonly name: string;
  readonly connected: boolean;
  /** Age of the last confirmation, 0 for a store of this process. */
  readonly staleMs: number;
  /** Writes waiting for the store, and writes given up because there were too many. */
  readonly queued: number;
  readonly lost: number;
  /**
   * Calls that were not answered in time, since the start. Many of them while `connected`: the deadline is too short
   * for the store.
   */
  readonly timeouts: number;
  /**
   * What went wrong last, for a person:
   * `{ code: 'REDIS_REFUSED', message: 'redis refuses this user; …', at: 1795300000000 }`.
   */
  readonly lastError?: { readonly code: string; readonly message: string; readonly at: number };
  /** The shortest of the latest round trips to a shared store. */
  readonly roundTripMs?: number;
  /**
   * What will not work as it is set up, for a person: a deadline that is shorter than a round trip, what the store
   * says of its database, and a `hashKey` that the processes which share it do not have in common.
   */
  readonly warning?: string;
  /** Subjects held, and how many there can be, of a store with a bound of its own. */
  readonly fill?: { readonly held: number; readonly max: number };
}

/**
 * Everything the governor asks of state. What goes wrong is data: no call throws or rejects for want of a store.
 * With `shadow`, cooldowns and limits are read and written in a namespace of their own, and real ones are not touched.
 */
export interface State {
  /** All controls that stand, whatever they cover, as this process knows them. */
  standingControls(): readonly Control[];
  /** Halts and modes whose scope covers the event. Never waits. */
  controlsFor(event: Pick<GovernedEvent, 'subject' | 'resource'>): {
    readonly controls: readonly Control[];
    readonly errors: readonly Failure[];
  };
  /** Never waits. What it cannot know is in `controlsFor(...).errors`: one connection serves both. */
  cooldownsFor(
    ladders: readonly Ladder[],
    event: Pick<GovernedEvent, 'subject' | 'resource'>,
    shadow: boolean,
  ): readonly ActiveCooldown[];
  charge(init: ChargeInit): MaybePromise<Charged>;
  strike(init: StrikeInit): MaybePromise<Struck>;
  /** Reserves an amount known before. Throws `REPORT_INVALID` for what is no amount. */
  reserve(init: ReserveInit): MaybePromise<Charged>;
  /**
   * What was reserved stands, or is given back. Where the store gave no answer this makes it certain; it is queued
   * while the store is gone. Never rejects.
   */
  settle(reserved: Reserved, stands: boolean): MaybePromise<void>;
  /**
   * Adds a number known only afterwards, or settles what was reserved under its id. Throws `REPORT_INVALID` for what is
   * no amount: that is a mistake, not a failure.
   */
  report(init: ReportInit): MaybePromise<void>;
  release(held: readonly Hold[]): MaybePromise<void>;
  /**
   * The labels of the event's session, by tenant, user and session, after `add` was added to them. An event without a
   * session carries none, and nobody is asked. While the store is gone additions are queued, and known in this process
   * at once.
   */
  labelsFor(init: LabelsInit): MaybePromise<SessionLabels>;
  /**
   * The texts that were stopped in the event's session, or of its user where it names no session, after `add` was added
   * to them. At most 256: beyond them no more are remembered, and what is not remembered stops again.
   */
  stoppedTexts(init: LabelsInit): MaybePromise<StoppedTexts>;
  readonly control: OperatorControls;
  readonly subjects: SubjectControls;
  /** Resolves once the store has answered, or with why it has not: until it answers, every event sees `STALE`. */
  ready(): Promise<StoreError | undefined>;
  /**
   * Calls back each time what is known has become stale: the store confirmed nothing for `staleAfterMs`. From then on
   * `controlsFor(...).errors` says `STALE` until it does. What throws changes nothing. Returns how to stop listening.
   */
  onStale(listener: () => unknown): () => void;
  status(): StateStatus;
  /** Lets go of the store, within a bound. Answers how it went. */
  close(): Promise<Answer<unknown>>;
}
