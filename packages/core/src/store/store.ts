import type { Control, Scope } from '../contract/control.ts';
import type { Calendar, Ladder } from '../contract/limits.ts';
import type { MaybePromise } from '../outside/maybe-promise.ts';

/**
 * Where state lives. Everything a governor knows of a database is here; `createMemoryStore` is the one-process form,
 * and `@flyball/testing/store-suite` the tests that every store passes.
 *
 * What a store owes:
 * - one call is atomic: other processes see all of it or none of it. The keys of one call belong to one tenant;
 * - a call repeated with the same ids changes nothing more and answers as the first did;
 * - time is the store's own, and answers carry times relative to now;
 * - a call that cannot be served throws or rejects with a `StoreError`; it never answers a guess.
 */
export interface Store {
  readonly name: string;
  /**
   * True when other processes may change the state: the governor then listens, re-reads each second, and treats what it
   * knows as stale when neither succeeds.
   */
  readonly shared: boolean;
  /** Longest wait for a call that an event waits for, in milliseconds. Default 25. */
  readonly deadlineMs?: number;

  /** Charges all of them, or, when one has no room, none. Answers in the same order. */
  charge(charges: readonly Charge[]): MaybePromise<readonly ChargeAnswer[]>;
  /** Adds amounts known only afterwards, and settles what was reserved. They may exceed what the limit allows. */
  report(amounts: readonly Amount[]): MaybePromise<void>;
  /** Gives back what a `hold` charge took. */
  release(holds: readonly Hold[]): MaybePromise<void>;
  /** Counts strikes, each on its own ladder, and starts cooldowns. Answers in the same order. */
  strike(strikes: readonly LadderStrike[]): MaybePromise<readonly StrikeResult[]>;
  /**
   * Adds names to a set that is remembered for `rememberMs` after something was last added, and answers with all of it,
   * sorted; without names it only reads. At most 256 names: beyond them a `StoreError` `STORE_FULL`, and nothing is
   * added.
   */
  labels(request: LabelsRequest): MaybePromise<readonly string[]>;

  /** What is kept under keys of one tenant, for operators. Changes nothing. Answers in the same order. */
  look(asked: readonly Look[]): MaybePromise<readonly Looked[]>;
  /**
   * An operator's hand on what is kept under one key. Every process hears of it: as a cooldown that starts, or as one
   * of 0 milliseconds under the key of the ladder or limit, which says that whatever was known to wait there need not
   * any more. Answers what is kept then.
   */
  amend(amendment: Amendment): MaybePromise<Looked>;

  /**
   * Sets, lifts or restores a control. `undefined`: nothing changed, because there was nothing to lift or to restore.
   * A request is known by its id among the newest 1,000 changes: repeated, it answers with the change it made.
   */
  control(request: ControlRequest): MaybePromise<ControlChange | undefined>;
  /**
   * Sets many controls, at most 1,000, in one atomic call: all of them or none. Answers their changes in the same
   * order; what was set by a request of the same id before is answered and not set again.
   */
  setAll(controls: readonly ControlTerms[], forMs?: number): MaybePromise<readonly ControlChange[]>;
  /** The newest control changes, newest first. */
  history(limit: number): MaybePromise<readonly ControlChange[]>;

  /**
   * What has changed since the cursor of an earlier answer; everything that is active when there is none or it is not
   * known. With `process`, the name of a process: the store remembers that it is here, and knows everything up to the
   * cursor.
   */
  sync(since?: SyncCursor, process?: string): MaybePromise<SyncAnswer>;
  /** Processes that were heard of within `PROCESS_MS`. `leaving` names one that says goodbye. */
  processes(leaving?: string): MaybePromise<readonly ProcessSeen[]>;
  /**
   * Calls back on every change, this process's own included; a shared store first says `connected`, once it listens.
   * Delivery may fail: `sync` is what is relied on.
   */
  subscribe(listener: (push: Push) => void): () => void;
  /** Of a store with a bound of its own: subjects held, and how many there can be. Shown in `governor.status()`. */
  fill?(): { readonly held: number; readonly max: number };
  /**
   * A sentence about the database that an operator should know; `undefined` when there is none. Shown in
   * `governor.status()`.
   */
  warning?(): string | undefined;
  close(): MaybePromise<void>;
}

/** One limit asked for one event. */
export interface Charge {
  readonly key: string;
  /** What is counted once: the id of the event or of the interaction. */
  readonly id: string;
  /**
   * `count`: one per id and window. `hold`: one per id until released or expired. `sum`: takes nothing, asks whether
   * what was reported and reserved leaves room. `reserve`: takes `amount` if all of it fits beside what was reported
   * and reserved; `report` settles it.
   */
  readonly kind: 'count' | 'hold' | 'sum' | 'reserve';
  /** How many; for `sum` and `reserve` in millionths. */
  readonly allow: number;
  /** With `reserve`: how much, in whole millionths. */
  readonly amount?: number;
  /** With `reserve`: a name for this very try, the only one that can give the amount back. */
  readonly attempt?: string;
  readonly perMs: number;
  readonly window: 'sliding' | 'fixed' | 'calendar';
  /** With `calendar`: which days, weeks or months, by the store's clock. `perMs` is the longest there are. */
  readonly calendar?: Calendar;
}

export interface ChargeAnswer {
  readonly exceeded: boolean;
  /**
   * Milliseconds until there is room again, 0 unless exceeded. For `hold` a hint: nobody knows when a holder lets go.
   */
  readonly retryAfterMs: number;
  /** True when this very call recorded the id. */
  readonly fresh: boolean;
  /** How much more fits after this call, in what `allow` counts. */
  readonly remaining: number;
  /**
   * Milliseconds until the window starts over, or, where it slides, until the oldest of what counts leaves it. 0 when
   * nothing counts, and for `hold`, where nobody knows.
   */
  readonly resetMs: number;
}

/**
 * A reported number, such as tokens or cost. Under the id of a `reserve` charge it takes the place of what was
 * reserved, and is counted where that was; 0 gives it back, and the id is as if it had never been seen.
 */
export interface Amount {
  readonly key: string;
  readonly id: string;
  /** In millionths, whole: sums of prices stay exact. */
  readonly amount: number;
  /** With 0: the `attempt` of the charge that is given back. What another attempt took stays. */
  readonly attempt?: string;
  readonly perMs: number;
  readonly window: 'sliding' | 'fixed' | 'calendar';
  /** With `calendar`: which days, weeks or months, by the store's clock. `perMs` is the longest there are. */
  readonly calendar?: Calendar;
}

export interface Hold {
  readonly key: string;
  readonly id: string;
}

/** The part of a ladder that arithmetic needs. */
export type LadderTerms = Pick<Ladder, 'after' | 'forMs' | 'escalate'>;

export interface LadderStrike {
  readonly key: string;
  /** Counted once per id, whatever the offences. */
  readonly id: string;
  /**
   * At least one. The strike counts the largest `points` of the offences not seen before; none new, nothing counted.
   */
  readonly offences: readonly { readonly key: string; readonly points: number }[];
  readonly ladder: LadderTerms;
  /** How long ids and offences are remembered after they were last seen. */
  readonly rememberMs: number;
  /** What `look` answers as the cause of the latest strike that counted. Stores pass it on unread. */
  readonly cause?: string;
}

export interface StrikeResult {
  /** False when the id or all offences had been counted before. */
  readonly fresh: boolean;
  /** Points now counting towards the next cooldown. */
  readonly points: number;
  /** Cooldowns the ladder remembers: what the next one is escalated by. */
  readonly level: number;
  readonly retryAfterMs: number;
}

/** A ladder or a limit that an operator looks at. Terms as in `Charge` and `LadderStrike`. */
export type Look =
  | { readonly of: 'ladder'; readonly key: string; readonly ladder: LadderTerms }
  | ({ readonly of: 'limit'; readonly key: string } & LimitTerms);

/** The part of a limit that `look` needs. Reported and reserved numbers are both `sum`. */
export interface LimitTerms {
  readonly kind: 'count' | 'hold' | 'sum';
  readonly allow: number;
  readonly perMs: number;
  readonly window: Charge['window'];
  readonly calendar?: Calendar;
}

export type Looked =
  | {
      readonly of: 'ladder';
      /** Points counting towards the next cooldown, and cooldowns remembered. */
      readonly points: number;
      readonly level: number;
      /** Milliseconds of cooldown left, 0 if none. */
      readonly retryAfterMs: number;
      /** Of the latest strike or amendment. Absent where nothing of the above counts. */
      readonly cause?: string;
    }
  /** As in `ChargeAnswer`. */
  | { readonly of: 'limit'; readonly remaining: number; readonly resetMs: number };

/**
 * What an operator does to one subject. `lift`: its cooldown ends, and strikes and level stay. `forgive`: both are
 * forgotten as well; ids and offences that were counted stay counted. `put_on`: a cooldown of at least `forMs`, which
 * is no strike. `reset`: what a limit has counted is forgotten.
 */
export type Amendment =
  | {
      readonly op: 'lift' | 'forgive';
      readonly key: string;
      readonly ladder: LadderTerms;
      readonly cause: string;
    }
  | {
      readonly op: 'put_on';
      readonly key: string;
      readonly ladder: LadderTerms;
      readonly cause: string;
      readonly forMs: number;
    }
  | ({ readonly op: 'reset'; readonly key: string } & LimitTerms);

/**
 * The labels of one session:
 * `{ key: 'acme/labels/session/user=bob/session=s1', add: ['untrusted'], rememberMs: 86_400_000 }`.
 */
export interface LabelsRequest {
  readonly key: string;
  /** Names that the set carries from now on. One that it carries already is remembered for longer. */
  readonly add: readonly string[];
  /** How long the whole set is remembered after this call, if it adds something. */
  readonly rememberMs: number;
}

export type ControlRequest =
  | { readonly op: 'set'; readonly control: ControlTerms; readonly forMs?: number }
  | {
      readonly op: 'lift';
      readonly id: string;
      readonly kind: Control['kind'];
      readonly scope: Scope;
      readonly who: string;
      readonly why: string;
      /** Id of a control: lifts that one, and nothing if another stands in its place. */
      readonly only?: string;
    }
  /** Puts back a control that a store has lost, unless its scope has been set or lifted since. */
  | { readonly op: 'restore'; readonly control: Control; readonly remainingMs?: number };

/** A control before the store has given it a time. */
export type ControlTerms = Omit<Control, 'at' | 'expiresAt'>;

/** One line of the controls' history. */
export interface ControlChange {
  /** Its place in the sequence of changes. */
  readonly epoch: number;
  readonly op: 'set' | 'lift' | 'restore';
  /** The control set, or the one that no longer stands. */
  readonly control: Control;
  readonly who: string;
  readonly why: string;
  /** Milliseconds since the epoch on the store's clock. */
  readonly at: number;
}

/**
 * A place in the sequence of changes. `incarnation` differs once the store has lost its memory, or a part of it. A
 * store that is given a cursor beyond its last change has come back older (a snapshot, a replica that missed writes),
 * and takes a new incarnation.
 */
export interface SyncCursor {
  readonly incarnation: string;
  readonly epoch: number;
}

export interface SyncAnswer extends SyncCursor {
  readonly now: number;
  /** True when the answer is everything, not a difference. */
  readonly full: boolean;
  /**
   * Every active control. In an answer that is not full absent where none changed, or where `changes` says what did.
   */
  readonly controls?: readonly Control[];
  /** In an answer that is not full: the last change of each control that changed since the cursor, lifts included. */
  readonly changes?: readonly ControlChange[];
  /**
   * Cooldowns started since the cursor (all active ones when full). Of 0 milliseconds: what was known to wait under the
   * key, a ladder's or a limit's, need not any more. Such an entry is kept until nobody could still wait, so that no
   * process misses it.
   */
  readonly cooldowns: readonly { readonly key: string; readonly retryAfterMs: number }[];
}

/** How long a process that says nothing is taken for one that runs, in milliseconds. */
export const PROCESS_MS = 30_000;

/** A process that shares the store. */
export interface ProcessSeen {
  readonly process: string;
  /** Everything up to this change was known to it when it was last heard of; 0 where that is not known. */
  readonly epoch: number;
  /** Milliseconds since then. */
  readonly agoMs: number;
}

/**
 * `incarnation`: whose change it is, where several stores may speak on one channel. What another one says is not taken.
 */
export type Push =
  /** `change.at` is the store's time now. */
  | { readonly kind: 'control'; readonly incarnation?: string; readonly change: ControlChange }
  /** A cooldown has started, or with 0 milliseconds ended early. */
  | {
      readonly kind: 'cooldown';
      readonly incarnation?: string;
      readonly epoch: number;
      readonly key: string;
      readonly retryAfterMs: number;
    }
  /** The connection is there again: whatever was pushed meanwhile is lost. */
  | { readonly kind: 'connected' }
  | { readonly kind: 'lost'; readonly cause?: unknown };
