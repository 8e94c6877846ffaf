import type { AcceptOptions, Sink } from '../audit/sink.ts';
import type { Clock } from '../clock.ts';
import type { GovernedEvent } from '../contract/event.ts';
import type { AuditRecord, DecisionRecord, KeptContent } from '../contract/record.ts';
import type { Decision, Ruling } from '../contract/ruling.ts';
import type { Snapshot, StrikeAnswer } from '../contract/snapshot.ts';
import { settle } from '../decision/settle.ts';
import { mintId } from '../ids.ts';
import { call, type Answer } from '../outside/call.ts';
import { isPromise, mapMaybe, type MaybePromise } from '../outside/maybe-promise.ts';
import type { CompiledPolicy } from '../policy/compiled.ts';
import { DEFAULT_DEADLINE_MS } from '../policy/normalise.ts';
import { interactionOf } from './interaction/event-state.ts';
import type { EventHub } from './lifecycle/events.ts';
import { rememberStopped } from './history.ts';
import { decisionRecord, type RulingSource } from './record.ts';
import { keepSessionLabels } from './session-labels.ts';
import { contentOf, type ContentKeeper } from './kept-content.ts';
import { strike, type StrikeEnv } from './strike.ts';

/** What turns a ruling into a decision that has taken effect. */
export interface CommitEnv extends StrikeEnv {
  /** Absent: the application keeps no records. */
  readonly sink: Sink | undefined;
  readonly clock: Clock;
  readonly events: EventHub;
  readonly keepContent: ContentKeeper;
  counted(outcome: Decision['outcome']): void;
  auditRefused(): void;
}

export interface PendingDecision {
  /** Absent when the event names a policy that is not loaded. */
  readonly policy: CompiledPolicy | undefined;
  readonly event: GovernedEvent;
  readonly ruling: Ruling;
  /** What made the ruling, for the record. */
  readonly source: RulingSource;
  readonly snapshot: Snapshot;
  /** Monotonic time at which the event arrived. */
  readonly startedAt: number;
  /** What a stream said: its event has addresses and no text. */
  readonly heard?: KeptContent['texts'];
  /** An adapter stopped what no rule stopped. */
  readonly refusal?: true;
  /**
   * Told of the decision as soon as it stands, before its record is accepted: what is stopped need not wait for a
   * record.
   */
  readonly onDecided?: (decision: Decision) => void;
}

const NO_ANSWERS: readonly StrikeAnswer[] = Object.freeze([]);

/**
 * 1. Strikes are counted; only a cooldown that a rule asked for waits for the answer, which says how long it is. New
 *    labels of the
 *    session, and what was stopped in it, are in the store, or queued, before anything goes on.
 * 2. The ruling gets its envelope.
 * 3. The record is accepted within the policy's deadline, or the decision becomes what `onError` says.
 * 4. The interaction and the listeners are told.
 */
export function commit(env: CommitEnv, pending: PendingDecision): MaybePromise<Decision> {
  const struck = strike(env, pending);
  const kept = keepSessionLabels(env.state, pending.policy, pending.event, pending.ruling);
  const remembered = rememberStopped(env, pending.policy, pending.event, pending.ruling);
  if (isPromise(kept) || isPromise(remembered))
    return Promise.all([kept, remembered]).then(() => afterStrikes(env, pending, struck));
  return afterStrikes(env, pending, struck);
}

function afterStrikes(
  env: CommitEnv,
  pending: PendingDecision,
  struck: MaybePromise<readonly StrikeAnswer[]>,
): MaybePromise<Decision> {
  const decides = pending.ruling.outcome === 'COOLDOWN' && pending.ruling.strikes.length > 0;
  if (decides) return mapMaybe(struck, (answers) => record(env, pending, answers));
  return record(env, pending, isPromise(struck) ? NO_ANSWERS : struck);
}

function record(env: CommitEnv, pending: PendingDecision, answers: readonly StrikeAnswer[]): MaybePromise<Decision> {
  const { policy } = pending;
  const decision = envelope(env, pending, settle(pending.ruling, answers));
  pending.onDecided?.(decision);
  // Nobody could read it: then it is not made.
  const sink = isCounted(policy, decision) ? undefined : env.sink;
  if (sink === undefined && !env.events.heard) return announce(env, pending, decision, undefined);
  const entry = decisionRecord(pending, decision, answers);
  if (sink === undefined || policy?.audit.content === undefined) return keep(env, pending, decision, entry, sink);
  const kept = pending.heard === undefined ? contentOf(pending.event) : { texts: pending.heard };
  return mapMaybe(env.keepContent(policy, kept, decision), (content) =>
    keep(env, pending, decision, content === undefined ? entry : { ...entry, content }, sink),
  );
}

function keep(
  env: CommitEnv,
  pending: PendingDecision,
  decision: Decision,
  entry: DecisionRecord,
  sink: Sink | undefined,
): MaybePromise<Decision> {
  const { policy } = pending;
  if (sink === undefined) return announce(env, pending, decision, entry);
  return mapMaybe(acceptDecision(sink, policy, entry), (accepted) =>
    announce(env, pending, accepted.ok ? decision : unrecorded(env, policy, decision, accepted), entry),
  );
}

/** Hands over the record of a decision, durable where the policy wants it. */
export function acceptDecision(
  sink: Sink,
  policy: CompiledPolicy | undefined,
  entry: DecisionRecord,
): MaybePromise<Answer<void>> {
  const durable = policy?.audit.durable.includes(entry.decision.outcome) === true;
  return accept(sink, entry, { durable, deadlineMs: policy?.deadlineMs });
}

/** What governance took no part in may be counted instead of recorded. */
function isCounted(policy: CompiledPolicy | undefined, { reason }: Decision): boolean {
  if (policy?.audit.noOp !== 'count') return false;
  return reason === 'GOVERNANCE_OFF' || reason === 'NOT_GOVERNED';
}

function envelope({ clock }: CommitEnv, { event, startedAt }: PendingDecision, ruling: Ruling): Decision {
  const at = clock.now();
  return Object.freeze({
    ...ruling,
    auditId: mintId('aud', at),
    interactionId: event.interactionId,
    eventId: event.id,
    at,
    durationUs: Math.round((clock.monotonic() - startedAt) * 10_000) / 10,
  });
}

const DURABLE: AcceptOptions = Object.freeze({ durable: true });
const QUEUED: AcceptOptions = Object.freeze({ durable: false });

/** Hands a record to the sink, which has `deadlineMs` to take it into its care: one that hangs has refused it. */
export function accept(
  sink: Sink,
  entry: AuditRecord,
  { durable = false, deadlineMs = DEFAULT_DEADLINE_MS }: { durable?: boolean; deadlineMs?: number | undefined } = {},
): MaybePromise<Answer<void>> {
  return call('audit', sink.name, () => sink.accept(entry, durable ? DURABLE : QUEUED), { deadlineMs });
}

/** INVARIANT (A1): under `onError: block` nothing that was not recorded goes on. Shadow and off never stop anything. */
export function unrecorded(
  env: CommitEnv,
  policy: CompiledPolicy | undefined,
  decision: Decision,
  refused: Extract<Answer<void>, { readonly ok: false }>,
): Decision {
  env.auditRefused();
  env.events.fail(refused.failure, refused.cause);
  const passes = decision.outcome === 'ALLOW' || decision.outcome === 'NO_OP';
  if (!passes || decision.mode !== 'enforce' || policy?.onError === 'no_op') return decision;
  const { ruleId: _, edits: __, ...rest } = decision;
  const verdict = Object.freeze({ outcome: 'BLOCK', reason: 'AUDIT_UNAVAILABLE' } as const);
  return Object.freeze({ ...rest, ...verdict, verdict, edits: Object.freeze([]), onError: 'block' });
}

export function announce(
  { events, counted }: CommitEnv,
  { event, refusal }: Pick<PendingDecision, 'event' | 'refusal'>,
  decision: Decision,
  entry: DecisionRecord | undefined,
): Decision {
  counted(decision.outcome);
  interactionOf.get(event)?.decided(decision);
  events.decided(decision);
  if (entry !== undefined) {
    events.emit({ kind: refusal ? 'refusal' : 'decision', at: decision.at, decision, event, record: entry });
  }
  return decision;
}
