import type { AssembledPolicy } from '../assemble.ts';
import type { GovernedEvent } from '../contract/event.ts';
import type { Decision } from '../contract/ruling.ts';
import { STREAMED_STAGES, type StreamedStage } from '../detection/plan.ts';
import { FlyballError } from '../errors.ts';
import { RECORD_SCHEMA_VERSION, type OpenedRecord } from '../contract/record.ts';
import { mintId } from '../ids.ts';
import type { Answer } from '../outside/call.ts';
import { mapMaybe } from '../outside/maybe-promise.ts';
import { resolveMode } from '../decision/applies.ts';
import { decide } from '../decision/decide.ts';
import { withoutRecord } from '../decision/stops.ts';
import { accept, commit } from './commit.ts';
import { UNREAD } from '../detection/unread.ts';
import { countsRepeats, receive, type Engine } from './engine.ts';
import { charge, readState, timed } from './read-state.ts';
import { ownedLike } from './interaction/event-state.ts';
import type { GateOpening } from './gate-host.ts';
import { GovernedGate } from './governed-gate.ts';
import { HeardText } from './kept-content.ts';
import { openedEvent, type RulingSource } from './record.ts';
import { withErrors, withSessionLabels } from './session-labels.ts';
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
  const { event: received, policyId, assembled, startedAt } = receive(engine, given);
  let event = received;
  const stage = streamedStage(event);
  if (assembled === undefined) {
    const pending = unknownPolicy(policyId, event, startedAt);
    const refused = await commit(parts, pending);
    return gateOf<T>(
      engine,
      { assembled: policies.all()[0]!, event, stage, mode: 'enforce', snapshot: pending.snapshot, refused },
      startedAt,
    );
  }

  const { policy } = assembled;
  const known = timed(engine, assembled, event, readState(state, assembled, event));
  let { snapshot } = known;
  if (!known.settled) {
    // Both are under way before either is waited for; neither rejects.
    const charged = charge(state, assembled, event, known);
    const asked = withSessionLabels(state, policy, event, known.mode === 'shadow');
    ({ snapshot } = await charged);
    if (asked !== undefined) {
      const labelled = await asked;
      snapshot = withErrors(snapshot, labelled.errors);
      event = labelled.event;
    }
  }
  const opening: GateOpening = { assembled, event, stage, mode: known.mode, snapshot };
  const ruling = refusedRuling(decide(policy, event, UNREAD, snapshot));
  const refused =
    ruling === undefined
      ? await recordOpening(engine, opening, startedAt)
      : await commit(parts, { policy, event, ruling, source: UNREAD_STREAM, snapshot, startedAt });
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
  const { state, clock, parts, running, events } = engine;
  const { assembled, event, mode } = opening;
  const { policy } = assembled;
  const openedMs = clock.monotonic() - startedAt;
  const counts = countsRepeats(assembled, event.stage);
  const keeps = policy.audit.content !== undefined && mode !== 'off';
  // Whoever counts repeated outputs needs all of them.
  const heard = counts || keeps ? new HeardText(counts ? Infinity : policy.maxInput) : undefined;
  const gate: GovernedGate<T> = new GovernedGate<T>(opening, {
    now: () => clock.monotonic(),
    failures: events,
    commit(made, streamed, snapshot, since, onDecided) {
      // A stream lasts as long as its model speaks: what counts is the time to open and to conclude it.
      return commit(parts, {
        policy,
        event: ownedLike(event, streamed),
        ...made,
        snapshot,
        startedAt: since - openedMs,
        ...(keeps && heard !== undefined && { heard: heard.texts }),
        ...(onDecided !== undefined && { onDecided }),
      });
    },
    ...(heard !== undefined && { heard: (channel, text) => heard.add(channel, text) }),
    countsRepeats: counts,
    repeats: (snapshot) =>
      mapMaybe(
        charge(state, assembled, event, { mode, snapshot }, parts.keyedHash(heard!.of('text'))),
        (charged) => charged.snapshot,
      ),
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

const UNREAD_STREAM: RulingSource = Object.freeze({ by: 'gate', findings: UNREAD });
const RECORDED: Answer<void> = { ok: true, value: undefined };

/** A sink that refuses the first record refuses the stream, under `onError: block`. */
async function recordOpening(
  { sink, clock, parts, events }: Engine,
  opening: GateOpening,
  startedAt: number,
): Promise<Decision | undefined> {
  const { assembled, event, mode, snapshot } = opening;
  const { policy }: AssembledPolicy = assembled;
  const at = clock.now();
  if (sink === undefined && !events.heard) return undefined;
  const entry: OpenedRecord = {
    schemaVersion: RECORD_SCHEMA_VERSION,
    kind: 'opened',
    auditId: mintId('aud', at),
    at,
    interactionId: event.interactionId,
    event: openedEvent(policy, event),
    mode,
    behaviorVersion: policy.behaviorVersion,
  };
  // What leaves before the end of the stream has this record alone.
  const durable = policy.audit.durable.includes('ALLOW');
  const accepted =
    sink === undefined ? RECORDED : await accept(sink, entry, { durable, deadlineMs: policy.deadlineMs });
  events.emit({ kind: 'opened', at, event, record: entry });
  if (accepted.ok) return undefined;
  parts.auditRefused();
  events.fail(accepted.failure, accepted.cause);
  if (mode !== 'enforce' || policy.onError === 'no_op') return undefined;
  const ruling = withoutRecord(decide(policy, event, UNREAD, snapshot));
  const source: RulingSource = { by: 'sink_refusal', findings: UNREAD };
  return commit(parts, { policy, event, ruling, source, snapshot, startedAt });
}
