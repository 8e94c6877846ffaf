import type { Sink } from '../audit/sink.ts';
import type { AuditRecord } from '../contract/record.ts';
import type { Clock } from '../clock.ts';
import type { GovernedEvent } from '../contract/event.ts';
import type { Decision, Ruling } from '../contract/ruling.ts';
import type { Snapshot, StrikeAnswer } from '../contract/snapshot.ts';
import { mintId } from '../ids.ts';
import type { CompiledPolicy, CompiledRule } from '../policy/compiled.ts';
import { counts } from '../decision/evaluate-rules.ts';
import { settle } from '../decision/settle.ts';
import type { Offence, State } from '../state/state.ts';
import { interactionOf } from './interaction/event-state.ts';
import { recordedEvent } from './record.ts';
import { isPromise, type MaybePromise } from '../outside/maybe-promise.ts';

/** What turns a ruling into a decision that has taken effect. */
export interface CommitEnv {
  readonly state: State;
  readonly sink: Sink;
  readonly clock: Clock;
  readonly keyedHash: (text: string) => string;
  /** Called with every decision, after it was recorded. What it throws is ignored. */
  readonly onDecision: ((decision: Decision, event: GovernedEvent) => void) | undefined;
  counted(outcome: Decision['outcome']): void;
  auditRefused(error: unknown): void;
}

export interface Draft {
  /** Absent when the event names a policy that is not loaded. */
  readonly policy: CompiledPolicy | undefined;
  readonly event: GovernedEvent;
  readonly ruling: Ruling;
  readonly snapshot: Snapshot;
  /** Monotonic time at which the event arrived. */
  readonly startedAt: number;
  /** Told of the decision as soon as it stands, before its record is accepted: what is stopped need not wait for a record. */
  readonly onDecided?: (decision: Decision) => void;
}

const NO_FACTS: readonly string[] = Object.freeze([]);
const NO_ANSWERS: readonly StrikeAnswer[] = Object.freeze([]);

/**
 * 1. Strikes are counted; only a cooldown that a rule asked for waits for the answer, which says how long it is.
 * 2. The ruling gets its envelope. 3. The record is accepted, or the decision becomes what `onError` says.
 * 4. The interaction and the application are told.
 */
export function commit(parts: CommitEnv, draft: Draft): MaybePromise<Decision> {
  const struck = strike(parts, draft);
  const settled = draft.ruling.outcome === 'COOLDOWN' && draft.ruling.strikes.length > 0;
  if (settled && isPromise(struck)) return struck.then((answers) => record(parts, draft, answers));
  return record(parts, draft, isPromise(struck) ? NO_ANSWERS : struck);
}

function strike(
  { state, keyedHash }: CommitEnv,
  { policy, event, ruling }: Draft,
): MaybePromise<readonly StrikeAnswer[]> {
  if (policy === undefined || ruling.strikes.length === 0) return NO_ANSWERS;
  const rules = matchedRules(policy, event, ruling);
  const struck = state.strike({
    strikes: ruling.strikes,
    trips: rules.flatMap((rule) => (rule.then === 'cooldown' && rule.ladder !== undefined ? [rule.ladder] : [])),
    ladders: policy.ladders,
    event,
    shadow: ruling.mode === 'shadow',
    offences: offencesOf(rules, event, ruling, keyedHash),
  });
  return isPromise(struck) ? struck.then(({ answers }) => answers) : struck.answers;
}

function matchedRules(policy: CompiledPolicy, event: GovernedEvent, ruling: Ruling): readonly CompiledRule[] {
  const matched = new Set(ruling.rules.filter((rule) => rule.shadow !== true).map((rule) => rule.id));
  return policy.stages[event.stage].rules.filter((rule) => matched.has(rule.id));
}

/** Where in the text each striking rule was offended, so that history that is sent again is no new offence. */
function offencesOf(
  rules: readonly CompiledRule[],
  event: GovernedEvent,
  ruling: Ruling,
  keyedHash: (text: string) => string,
): readonly Offence[] {
  const offences: Offence[] = [];
  const hashes = new Map<string, string>();
  for (const rule of rules) {
    if (Object.keys(rule.strike).length === 0 && rule.then !== 'cooldown') continue;
    const offence = {
      rule: rule.id,
      strike: rule.strike,
      ...(rule.then === 'cooldown' && rule.ladder !== undefined && { ladder: rule.ladder }),
    };
    const paths = new Set(ruling.signals.filter((signal) => counts(rule, signal)).map((signal) => signal.segment));
    const places = event.content.filter(({ path, text }) => paths.has(path) && text !== '');
    if (places.length === 0) offences.push(offence);
    for (const { path, text } of places) {
      let segment = hashes.get(path);
      if (segment === undefined) hashes.set(path, (segment = keyedHash(text)));
      offences.push({ ...offence, segment });
    }
  }
  return offences;
}

function record(parts: CommitEnv, draft: Draft, answers: readonly StrikeAnswer[]): MaybePromise<Decision> {
  const { policy, event, snapshot } = draft;
  const decision = envelope(parts, draft, settle(draft.ruling, answers));
  draft.onDecided?.(decision);
  const entry: AuditRecord = {
    kind: 'decision',
    auditId: decision.auditId,
    at: decision.at,
    decision,
    event: recordedEvent(event, policy?.facts ?? NO_FACTS),
    snapshot,
    answers,
  };
  const accepted = accept(parts.sink, entry);
  if (isPromise(accepted))
    return accepted.then((error) => announce(parts, event, unlessRefused(parts, policy, decision, error)));
  return announce(parts, event, unlessRefused(parts, policy, decision, accepted));
}

function envelope({ clock }: CommitEnv, { event, startedAt }: Draft, ruling: Ruling): Decision {
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

/** Hands a record to the sink. Answers with the error if it was refused. */
export function accept(sink: Sink, entry: AuditRecord): MaybePromise<{ readonly cause: unknown } | undefined> {
  try {
    const accepted = sink.accept(entry);
    if (!isPromise(accepted)) return undefined;
    return accepted.then(
      () => undefined,
      (cause: unknown) => ({ cause }),
    );
  } catch (cause) {
    return { cause };
  }
}

/** INVARIANT (A1): under `onError: block` nothing that was not recorded goes on. Shadow and off never stop anything. */
function unlessRefused(
  parts: CommitEnv,
  policy: CompiledPolicy | undefined,
  decision: Decision,
  error: { readonly cause: unknown } | undefined,
): Decision {
  if (error === undefined) return decision;
  parts.auditRefused(error.cause);
  const passes = decision.outcome === 'ALLOW' || decision.outcome === 'NO_OP';
  if (!passes || decision.mode !== 'enforce' || policy?.onError === 'no_op') return decision;
  const { ruleId: _, edits: __, ...rest } = decision;
  const verdict = Object.freeze({ outcome: 'BLOCK', reason: 'AUDIT_UNAVAILABLE' } as const);
  return Object.freeze({ ...rest, ...verdict, verdict, edits: Object.freeze([]), onError: 'block' });
}

function announce(parts: CommitEnv, event: GovernedEvent, decision: Decision): Decision {
  parts.counted(decision.outcome);
  interactionOf.get(event)?.decided(decision);
  if (parts.onDecision !== undefined) {
    try {
      parts.onDecision(decision, event);
    } catch {
      // An observer may not change what was decided.
    }
  }
  return decision;
}
