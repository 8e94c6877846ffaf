import type { Findings } from '../contract/detector.ts';
import type { GovernedEvent } from '../contract/event.ts';
import type { Decision, Ruling } from '../contract/ruling.ts';
import type { Snapshot } from '../contract/snapshot.ts';
import { decide } from '../decision/decide.ts';
import { isPromise, mapMaybe, type MaybePromise } from '../outside/maybe-promise.ts';
import type { CompiledPolicy } from '../policy/compiled.ts';
import type { Reserved } from '../state/state-api.ts';
import type { State } from '../state/state.ts';
import { commit, type CommitEnv } from './commit.ts';
import { UNREAD } from '../detection/unread.ts';
import { countsRepeats, receive, repeatedText, type Engine } from './engine.ts';
import { recallStopped } from './history.ts';
import { interactionOf } from './interaction/event-state.ts';
import { charge, readState, timed, type ChargedState } from './read-state.ts';
import { scanEvent } from './run-detectors.ts';
import { LABELS_FULL, overflowsLabels, withErrors, withSessionLabels, type Labelled } from './session-labels.ts';
import { unknownPolicy } from './unknown-policy.ts';

/**
 * Decides on a complete event:
 *
 * 1. controls, mode and cooldowns, from memory;
 * 2. limits, and the labels of the session, from the store, each within the store's deadline, and beside them
 * 3. signals, from the detectors, each within the policy's deadline;
 * 4. the pure decision; where an earlier message stops it, whether that was stopped before, and the decision anew;
 * 5. strikes, the record within the policy's deadline, the announcement;
 * 6. what a limit reserved for a call that does not run is given back.
 *
 * Answers at once where nothing of it has to be waited for.
 */
export function decideEvent(engine: Engine, given: GovernedEvent): MaybePromise<Decision> {
  const { state, parts } = engine;
  const { event, policyId, assembled, startedAt } = receive(engine, given);
  if (assembled === undefined) return commit(parts, unknownPolicy(policyId, event, startedAt));

  const { policy } = assembled;
  const known = timed(engine, assembled, event, readState(state, assembled, event));
  let charged: MaybePromise<ChargedState> = known;
  let findings: MaybePromise<Findings> = UNREAD;
  let labelled: MaybePromise<Labelled> | undefined;
  if (!known.settled) {
    const repeated = countsRepeats(assembled, event.stage) ? parts.keyedHash(repeatedText(event)) : undefined;
    charged = charge(state, assembled, event, known, repeated);
    labelled = withSessionLabels(state, policy, event, known.mode === 'shadow');
    findings = scanEvent(assembled, event, policy.deadlineMs, known.snapshot.at, parts.events);
  }
  const gathered: Gathered = { policy, event, startedAt };
  if (!isPromise(charged) && !isPromise(findings) && !isPromise(labelled)) {
    const decided = rule(parts, gathered, findings, charged.snapshot, labelled);
    return charged.reserved === undefined ? decided : settled(state, event, charged.reserved, decided);
  }
  const onAll = (
    found: Findings,
    { snapshot, reserved }: ChargedState,
    labels: Labelled | undefined,
  ): MaybePromise<Decision> => {
    const decided = rule(parts, gathered, found, withNewHalts(state, event, snapshot), labels);
    return reserved === undefined ? decided : settled(state, event, reserved, decided);
  };
  // Most often only a limit is waited for, and waiting for three things costs as much as all the rest.
  if (isPromise(charged) && !isPromise(findings) && labelled === undefined) {
    const found = findings;
    return charged.then((answer) => onAll(found, answer, undefined));
  }
  return Promise.all([findings, charged, labelled]).then((all) => onAll(...all));
}

/** Nobody waits for the store: it is told in the order in which it was asked. */
function settled(
  state: State,
  event: GovernedEvent,
  reserved: Reserved,
  decided: MaybePromise<Decision>,
): MaybePromise<Decision> {
  return mapMaybe(decided, (decision) => {
    const stands = decision.verdict.outcome === 'ALLOW' || decision.verdict.outcome === 'NO_OP';
    void state.settle(reserved, stands);
    if (stands) interactionOf.get(event)?.reserve(event.id, reserved);
    return decision;
  });
}

/**
 * D6: a halt that came while the event waited beats what was found meanwhile. None stood before, or nothing would have
 * been waited for.
 */
function withNewHalts(state: State, event: GovernedEvent, snapshot: Snapshot): Snapshot {
  const { controls } = state.controlsFor(event);
  if (controls.length === 0) return snapshot;
  const halts = controls.filter(({ kind }) => kind === 'halt');
  return halts.length === 0 ? snapshot : { ...snapshot, controls: [...snapshot.controls, ...halts] };
}

interface Gathered {
  readonly policy: CompiledPolicy;
  readonly event: GovernedEvent;
  readonly startedAt: number;
}

function rule(
  env: CommitEnv,
  { policy, event: given, startedAt }: Gathered,
  findings: Findings,
  known: Snapshot,
  labelled: Labelled | undefined,
): MaybePromise<Decision> {
  const event = labelled?.event ?? given;
  const facts = { policy, event, findings };
  const ruled = ruleOn(facts, labelled === undefined ? known : withErrors(known, labelled.errors));
  const recalled = recallStopped(env, policy, event, ruled.ruling);
  const finish = (final: Ruled): MaybePromise<Decision> =>
    commit(env, { policy, event, ...final, source: { by: 'decide', findings }, startedAt });
  if (recalled === undefined) return finish(ruled);
  return mapMaybe(recalled, ({ withheld = [], errors }) => {
    if (withheld.length === 0 && errors.length === 0) return finish(ruled);
    return finish(ruleOn(facts, withErrors({ ...ruled.snapshot, withheld }, errors)));
  });
}

interface Ruled {
  readonly ruling: Ruling;
  readonly snapshot: Snapshot;
}

function ruleOn(
  {
    policy,
    event,
    findings,
  }: { readonly policy: CompiledPolicy; readonly event: GovernedEvent; readonly findings: Findings },
  snapshot: Snapshot,
): Ruled {
  const ruling = decide(policy, event, findings, snapshot);
  if (!overflowsLabels(event, ruling)) return { ruling, snapshot };
  const overflown = withErrors(snapshot, [LABELS_FULL]);
  return { ruling: decide(policy, event, findings, overflown), snapshot: overflown };
}
