import type { Findings } from '../contract/detector.ts';
import type { GovernedEvent } from '../contract/event.ts';
import type { Decision } from '../contract/ruling.ts';
import type { Snapshot } from '../contract/snapshot.ts';
import type { CompiledPolicy } from '../policy/compiled.ts';
import { decide } from '../policy/decide.ts';
import { isPromise } from '../state/deadline.ts';
import type { MaybePromise } from '../state/store.ts';
import { conclude, type ConcludeParts } from './conclude.ts';
import { countsRepeats, receive, UNREAD, type Engine } from './engine.ts';
import { charge, standing } from './gather.ts';
import { scanEvent } from './scan.ts';
import { unknownPolicy } from './unknown-policy.ts';

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
  if (assembled === undefined) return conclude(parts, unknownPolicy(policyId, event, startedAt));

  const { policy } = assembled;
  const stand = standing(state, assembled, event);
  let snapshot: MaybePromise<Snapshot> = stand.snapshot;
  let findings: MaybePromise<Findings> = UNREAD;
  if (!stand.settled) {
    const whole = event.stage === 'output' && countsRepeats(assembled);
    const output = whole ? parts.keyedHash(event.content.map(({ text }) => text).join('')) : undefined;
    snapshot = charge(state, assembled, event, stand, policy.deadlineMs, output);
    findings = scanEvent(assembled, event, policy.deadlineMs);
  }
  if (!isPromise(snapshot) && !isPromise(findings)) return rule(parts, policy, event, findings, snapshot, startedAt);
  return Promise.all([findings, snapshot]).then(([found, known]) =>
    rule(parts, policy, event, found, known, startedAt),
  );
}

function rule(
  parts: ConcludeParts,
  policy: CompiledPolicy,
  event: GovernedEvent,
  findings: Findings,
  snapshot: Snapshot,
  startedAt: number,
): MaybePromise<Decision> {
  return conclude(parts, { policy, event, ruling: decide(policy, event, findings, snapshot), snapshot, startedAt });
}
