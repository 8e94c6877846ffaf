import type { GovernedEvent } from '../contract/event.ts';
import type { Failure, Ruling } from '../contract/ruling.ts';
import type { Snapshot } from '../contract/snapshot.ts';
import { mapMaybe, type MaybePromise } from '../outside/maybe-promise.ts';
import type { CompiledPolicy } from '../policy/compiled.ts';
import type { State } from '../state/state.ts';
import { interactionOf, ownedLike } from './interaction/event-state.ts';
import { MAX_LABELS } from './interaction/interaction.ts';

/** How long a session's labels are kept after it was last given one. */
const REMEMBER_MS = 24 * 60 * 60 * 1000;

/** An event with the labels of its session among its own. */
export interface Labelled {
  readonly event: GovernedEvent;
  /** The store did not say which labels the session has. */
  readonly errors: readonly Failure[];
}

/**
 * Joins an event's labels and those of its session (policy: `labels: { untrusted: session }`), which any process that
 * shares the store may have set: one round trip, beside limits and detectors. What the event itself carries of them is
 * told to the store with the same call. `undefined`: the policy has no such labels, or the subject no session, and
 * nothing is asked.
 */
export function withSessionLabels(
  state: State,
  { sessionLabels }: CompiledPolicy,
  event: GovernedEvent,
  shadow: boolean,
): MaybePromise<Labelled> | undefined {
  if (sessionLabels.size === 0 || event.subject.session === undefined) return undefined;
  const add = event.labels.filter((label) => sessionLabels.has(label));
  const asked = state.labelsFor({ event, add, rememberMs: REMEMBER_MS, shadow });
  return mapMaybe(asked, ({ labels, errors }): Labelled => {
    // Another policy of the same session may have set others.
    const more = labels.filter((label) => sessionLabels.has(label) && !event.labels.includes(label));
    if (more.length === 0) return { event, errors };
    return { event: ownedLike(event, { ...event, labels: Object.freeze([...event.labels, ...more].sort()) }), errors };
  });
}

/**
 * Keeps the labels that a decision brings to its session before it takes effect: the next request may be another
 * process's.
 */
export function keepSessionLabels(
  state: State,
  policy: CompiledPolicy | undefined,
  event: GovernedEvent,
  ruling: Ruling,
): MaybePromise<unknown> {
  if (policy === undefined || policy.sessionLabels.size === 0 || event.subject.session === undefined) return undefined;
  const add = ruling.labels.filter((label) => policy.sessionLabels.has(label) && !event.labels.includes(label));
  if (add.length === 0) return undefined;
  return state.labelsFor({ event, add, rememberMs: REMEMBER_MS, shadow: ruling.mode === 'shadow' });
}

/** True when the interaction cannot carry all labels that the ruling brings. */
export function overflowsLabels(event: GovernedEvent, ruling: Ruling): boolean {
  if (ruling.labels.length === 0) return false;
  const carried = interactionOf.get(event)?.interaction.labels ?? event.labels;
  return new Set([...carried, ...ruling.labels]).size > MAX_LABELS;
}

/** That labels did not fit, as a fact of the decision: `onError` says what it means. */
export const LABELS_FULL: Failure = Object.freeze({ part: 'labels', id: 'labels', code: 'FULL' });

export function withErrors(snapshot: Snapshot, errors: readonly Failure[]): Snapshot {
  return errors.length === 0 ? snapshot : { ...snapshot, errors: [...snapshot.errors, ...errors] };
}
