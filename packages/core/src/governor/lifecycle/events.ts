import type { Control } from '../../contract/control.ts';
import type { GovernedEvent } from '../../contract/event.ts';
import type { DecisionRecord, OpenedRecord, SubjectRecord } from '../../contract/record.ts';
import type { Decision, Failure } from '../../contract/ruling.ts';
import { notify } from '../../outside/notify.ts';
import type { PolicyChange } from './policies.ts';

/** Something that has happened in a governor. `at`: milliseconds since the epoch. */
export type GovernorEvent =
  /** The governor is ready, with these policies. */
  | { readonly kind: 'started'; readonly at: number; readonly policies: readonly LoadedPolicy[] }
  /** A decision, after its record was accepted or refused. `refusal`: an adapter stopped what no rule stopped. */
  | {
      readonly kind: 'decision' | 'refusal';
      readonly at: number;
      readonly decision: Decision;
      readonly event: GovernedEvent;
      readonly record: DecisionRecord;
    }
  /** A stream was opened: its decision follows when it ends. */
  | { readonly kind: 'opened'; readonly at: number; readonly event: GovernedEvent; readonly record: OpenedRecord }
  /** A policy was loaded, or a new version of it was refused and the old one keeps running. */
  | { readonly kind: 'policy'; readonly at: number; readonly change: PolicyChange }
  /** An operator's halt or mode came to stand or was lifted. */
  | {
      readonly kind: 'control';
      readonly at: number;
      readonly change: 'set' | 'lifted';
      readonly control: Control;
      /** Who did it, and why. Absent when this process found a lift by re-reading: the store's history knows. */
      readonly by?: { readonly who: string; readonly why: string };
    }
  /** An operator lifted, forgave, put on or reset something of one subject, in this process. */
  | ({ readonly kind: 'subject'; readonly at: number } & SubjectChange)
  /**
   * A part of the application failed: a detector, a sink, a listener, a resolver. What it meant for a decision is in
   * that decision.
   */
  | {
      readonly kind: 'failure';
      readonly at: number;
      readonly failure: Failure;
      /** One line for people. */
      readonly message: string;
      readonly cause: unknown;
    }
  /** `close()` was called. */
  | { readonly kind: 'stopped'; readonly at: number };

/** As its record says it. */
export type SubjectChange = Omit<SubjectRecord, 'schemaVersion' | 'kind' | 'auditId' | 'at'>;

export interface LoadedPolicy {
  readonly id: string;
  readonly version: string;
  readonly behaviorVersion: string;
}

export type GovernorEventListener = (event: GovernorEvent) => unknown;

/**
 * The one stream of what happens in a governor. Listeners are told after the fact, in order, and can change nothing:
 * what one throws is a `failure` that the others hear of.
 *
 *     const stop = governor.events.subscribe((event) => {
 *       if (event.kind === 'decision') metrics.count(event.decision.outcome, event.decision.reason);
 *     });
 */
export interface GovernorEvents {
  /** Calls back on every event from now on. Returns how to stop. */
  subscribe(listener: GovernorEventListener): () => void;
}

/**
 * Hears of what fails alone. It reads no records, so none has to be made for it, as for whoever subscribes to all
 * events.
 */
export interface FailureWatcher {
  /** A part of the application failed. */
  failed(failure: Failure, cause: unknown): void;
  /** A decision that stops what no rule stops, because a part failed (`FAILED_CLOSED`). */
  closed(decision: Decision): void;
}

/** The governor's side of the stream. */
export interface EventHub extends GovernorEvents {
  /** Somebody listens: without anyone, events need not be made. */
  readonly heard: boolean;
  emit(event: GovernorEvent): void;
  fail(failure: Failure, cause: unknown): void;
  /** A decision stands, heard or not. */
  decided(decision: Decision): void;
  watchFailures(watcher: FailureWatcher): void;
}

const LISTENER_FAILED: Failure = Object.freeze({ part: 'listener', id: 'events', code: 'THREW' });

export function createEventHub(now: () => number): EventHub {
  /** By subscription: the same listener may be subscribed twice. */
  const subscriptions = new Map<symbol, GovernorEventListener>();
  const watchers: FailureWatcher[] = [];

  function emit(event: GovernorEvent): void {
    if (subscriptions.size > 0) tell([...subscriptions.values()], event);
  }

  function tell(listeners: readonly GovernorEventListener[], event: GovernorEvent): void {
    notify(listeners, [event], (cause, failing) => {
      // INVARIANT: no failure of a listener is told about the failure of a listener: two that fail would tell each
      // other for ever.
      if (event.kind === 'failure' && event.failure.part === 'listener') return;
      tell(
        [...subscriptions.values()].filter((other) => other !== failing),
        failed(LISTENER_FAILED, cause),
      );
    });
  }

  const failed = (failure: Failure, cause: unknown): GovernorEvent => {
    const said = cause instanceof Error ? `: ${cause.message}` : '';
    const message = `${failure.part} \`${failure.id}\` failed (${failure.code})${said}`;
    return { kind: 'failure', at: now(), failure, message, cause };
  };

  return {
    get heard() {
      return subscriptions.size > 0;
    },
    subscribe(listener) {
      const subscription = Symbol('subscription');
      subscriptions.set(subscription, listener);
      return () => void subscriptions.delete(subscription);
    },
    emit,
    fail(failure, cause) {
      for (const watcher of watchers) notify([watcher.failed], [failure, cause]);
      if (subscriptions.size > 0) emit(failed(failure, cause));
    },
    decided(decision) {
      if (decision.reason !== 'FAILED_CLOSED') return;
      for (const watcher of watchers) notify([watcher.closed], [decision]);
    },
    watchFailures: (watcher) => void watchers.push(watcher),
  };
}
