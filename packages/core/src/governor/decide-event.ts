import type { Findings } from '../contract/detector.ts';
import type { GovernedEvent } from '../contract/event.ts';
import type { Decision } from '../contract/ruling.ts';
import type { Snapshot } from '../contract/snapshot.ts';
import type { CompiledPolicy } from '../policy/compiled.ts';
import { decide } from '../decision/decide.ts';
import { commit, type CommitEnv } from './commit.ts';
import { countsRepeats, receive, repeatedText, UNREAD, type Engine } from './engine.ts';
import { charge, readState } from './read-state.ts';
import { scanEvent } from './run-detectors.ts';
import { unknownPolicy } from './unknown-policy.ts';
import { isPromise, type MaybePromise } from '../outside/maybe-promise.ts';

/**
 * Decides on a complete event:
 *
 * 1. controls, mode and cooldowns, from memory;
 * 2. limits, from the store, and beside them
 * 3. signals, from the detectors, all under one deadline;
 * 4. the pure decision;
 * 5. strikes, the record, the announcement.
 *
 * Answers at once where nothing of it has to be waited for.
 */
export function decideEvent(engine: Engine, given: GovernedEvent): MaybePromise<Decision> {
  const { state, parts } = engine;
  const { event, policyId, assembled, startedAt } = receive(engine, given);
  if (assembled === undefined) return commit(parts, unknownPolicy(policyId, event, startedAt));

  const { policy } = assembled;
  const stand = readState(state, assembled, event);
  let snapshot: MaybePromise<Snapshot> = stand.snapshot;
  let findings: MaybePromise<Findings> = UNREAD;
  if (!stand.settled) {
    const repeated = countsRepeats(assembled, event.stage) ? parts.keyedHash(repeatedText(event)) : undefined;
    snapshot = charge(state, assembled, event, stand, policy.deadlineMs, repeated);
    findings = scanEvent(assembled, event, policy.deadlineMs);
  }
  if (!isPromise(snapshot) && !isPromise(findings)) return rule(parts, policy, event, findings, snapshot, startedAt);
  return Promise.all([findings, snapshot]).then(([found, known]) =>
    rule(parts, policy, event, found, known, startedAt),
  );
}

function rule(
  parts: CommitEnv,
  policy: CompiledPolicy,
  event: GovernedEvent,
  findings: Findings,
  snapshot: Snapshot,
  startedAt: number,
): MaybePromise<Decision> {
  return commit(parts, { policy, event, ruling: decide(policy, event, findings, snapshot), snapshot, startedAt });
}
