import type { AssembledPolicy } from '../assemble.ts';
import type { GovernedEvent } from '../contract/event.ts';
import type { Decision } from '../contract/ruling.ts';
import { STREAMED_STAGES, type StreamedStage } from '../detection/plan.ts';
import { FlyballError } from '../errors.ts';
import { mintId } from '../ids.ts';
import { limitsFor, resolveMode } from '../decision/applies.ts';
import { decide } from '../decision/decide.ts';
import { accept, commit } from './commit.ts';
import { receive, UNREAD, type Engine } from './engine.ts';
import { charge, readState } from './read-state.ts';
import { ownedLike } from './interaction/event-state.ts';
import { GovernedGate, type GateOpening } from './governed-gate.ts';
import { recordedEvent } from './record.ts';
import { refusedRuling, unknownPolicy } from './unknown-policy.ts';

/**
 * Opens streaming enforcement of one text: an answer, or the result of a tool or retriever that streams:
 *
 * 1. controls, mode and limits, as for a decision; what already says no ends the stream before its first unit;
 * 2. the `opened` record, accepted before anything leaves;
 * 3. the gate, which keeps the policy and mode it opened with and makes one decision, at its end.
 */
export async function openStream<T>(engine: Engine, given: GovernedEvent): Promise<GovernedGate<T>> {
  const { policies, state, parts, running } = engine;
  const { event, policyId, assembled, startedAt } = receive(engine, given);
  const stage = streamedStage(event);
  if (assembled === undefined) {
    const draft = unknownPolicy(policyId, event, startedAt);
    const refused = await commit(parts, draft);
    return gateOf<T>(
      engine,
      { assembled: policies.all()[0]!, event, stage, mode: 'enforce', snapshot: draft.snapshot, refused },
      startedAt,
    );
  }

  const { policy } = assembled;
  const stand = readState(state, assembled, event);
  const snapshot = stand.settled ? stand.snapshot : await charge(state, assembled, event, stand, policy.deadlineMs);
  const opening: GateOpening = { assembled, event, stage, mode: stand.mode, snapshot };
  const ruling = refusedRuling(decide(policy, event, UNREAD, snapshot));
  const refused =
    ruling === undefined
      ? await recordOpening(engine, opening, startedAt)
      : await commit(parts, { policy, event, ruling, snapshot, startedAt });
  const gate = gateOf<T>(engine, refused === undefined ? opening : { ...opening, refused }, startedAt);
  if (refused === undefined) {
    running.gates.add(gate as GovernedGate<unknown>);
    // INVARIANT: a halt that came while this waited for limits and record found no gate to stop.
    const { halt } = resolveMode(policy, event, state.controlsFor(event).controls);
    if (halt !== undefined) gate.halt(halt);
  }
  return gate;
}

function gateOf<T>(engine: Engine, opening: GateOpening, startedAt: number): GovernedGate<T> {
  const { state, clock, parts, running } = engine;
  const { assembled, event, mode } = opening;
  const { policy } = assembled;
  const openedMs = clock.monotonic() - startedAt;
  const gate: GovernedGate<T> = new GovernedGate<T>(opening, {
    now: () => clock.monotonic(),
    commit(ruling, streamed, snapshot, since, onDecided) {
      // A stream lasts as long as its model speaks: what counts is the time to open and to conclude it.
      return commit(parts, {
        policy,
        event: ownedLike(event, streamed),
        ruling,
        snapshot,
        startedAt: since - openedMs,
        ...(onDecided !== undefined && { onDecided }),
      });
    },
    countsRepeats: limitsFor(policy, event).some((limit) => limit.unit === 'repeats'),
    repeats: (text, snapshot) =>
      charge(state, assembled, event, { mode, snapshot, settled: false }, policy.deadlineMs, parts.keyedHash(text)),
    closed: () => void running.gates.delete(gate as GovernedGate<unknown>),
  });
  return gate;
}

/** Throws `EVENT_INVALID` for a stage whose text never arrives piece by piece. */
function streamedStage({ stage }: GovernedEvent): StreamedStage {
  const streamed = STREAMED_STAGES.find((known) => known === stage);
  if (streamed !== undefined) return streamed;
  throw new FlyballError(
    'EVENT_INVALID',
    `a gate is opened for text that streams, at stage ${STREAMED_STAGES.join(', ')}, not \`${stage}\`: use \`decide\``,
  );
}

/** A sink that refuses the first record refuses the stream, under `onError: block`. */
async function recordOpening(
  { sink, clock, parts }: Engine,
  opening: GateOpening,
  startedAt: number,
): Promise<Decision | undefined> {
  const { assembled, event, mode, snapshot } = opening;
  const { policy }: AssembledPolicy = assembled;
  const at = clock.now();
  const refusal = await accept(sink, {
    kind: 'opened',
    auditId: mintId('aud', at),
    at,
    interactionId: event.interactionId,
    event: recordedEvent(event, policy.facts),
    mode,
    behaviorVersion: policy.behaviorVersion,
  });
  if (refusal === undefined) return undefined;
  parts.auditRefused(refusal.cause);
  if (mode !== 'enforce' || policy.onError === 'no_op') return undefined;
  const verdict = Object.freeze({ outcome: 'BLOCK', reason: 'AUDIT_UNAVAILABLE' } as const);
  const ruling = Object.freeze({ ...decide(policy, event, UNREAD, snapshot), ...verdict, verdict, edits: [] });
  return commit(parts, { policy, event, ruling, snapshot, startedAt });
}
