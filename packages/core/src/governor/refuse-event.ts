import type { GovernedEvent } from '../contract/event.ts';
import type { Decision, Ruling } from '../contract/ruling.ts';
import { decide } from '../decision/decide.ts';
import { verdict } from '../decision/verdict.ts';
import type { MaybePromise } from '../outside/maybe-promise.ts';
import type { RefusalReason } from './api.ts';
import { commit } from './commit.ts';
import { UNREAD } from '../detection/unread.ts';
import { receive, type Engine } from './engine.ts';
import { interactionOf } from './interaction/event-state.ts';
import { readState } from './read-state.ts';
import { unknownPolicy } from './unknown-policy.ts';

const NOTHING: readonly never[] = Object.freeze([]);
const OFF = verdict('NO_OP', 'GOVERNANCE_OFF');
const SHADOWED = verdict('NO_OP', 'SHADOWED');

/**
 * Stops what an adapter cannot carry out (E2), so that the record says what was enforced. Charges nothing and scans nothing:
 * a halt still says its own reason, and where nothing is enforced the answer is `NO_OP`, as for any verdict. `insteadOf` a decision it
 * is enforced in the mode of that decision, whatever an operator has set meanwhile, and counts no strike a second time.
 */
export function refuseEvent(
  engine: Engine,
  given: GovernedEvent,
  reason: RefusalReason,
  insteadOf: Decision | undefined,
): MaybePromise<Decision> {
  const { state, parts } = engine;
  const { event, policyId, assembled, startedAt } = receive(engine, given);
  if (assembled === undefined) return commit(parts, { ...unknownPolicy(policyId, event, startedAt), refusal: true });

  const { policy } = assembled;
  const { snapshot } = readState(state, assembled, event);
  // The call that it was reserved for does not run.
  const reserved = interactionOf.get(event)?.reserved(event.id);
  if (reserved !== undefined) void state.settle(reserved, false);
  const ruling = refused(decide(policy, event, UNREAD, snapshot), reason, insteadOf);
  return commit(parts, { policy, event, ruling, snapshot, startedAt, refusal: true });
}

function refused(ruling: Ruling, reason: RefusalReason, insteadOf: Decision | undefined): Ruling {
  if (ruling.reason === 'HALTED') return ruling;
  const mode = insteadOf?.mode ?? ruling.mode;
  const { ruleId: _, retryAfterMs: __, ...facts } = ruling;
  // Of one event strikes count once, and the decision has counted them.
  const rest = { ...facts, ...(insteadOf !== undefined && { strikes: NOTHING }), mode, edits: NOTHING };
  if (mode === 'off') return Object.freeze({ ...rest, ...OFF, verdict: OFF });
  const stopped = verdict('BLOCK', reason);
  return Object.freeze({ ...rest, ...(mode === 'enforce' ? stopped : SHADOWED), verdict: stopped });
}
