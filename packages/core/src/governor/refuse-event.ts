import type { GovernedEvent } from '../contract/event.ts';
import type { Decision } from '../contract/ruling.ts';
import { decide } from '../decision/decide.ts';
import { refusalRuling, type Refusal } from '../decision/refusal.ts';
import type { MaybePromise } from '../outside/maybe-promise.ts';
import type { RefusalReason } from './api.ts';
import { commit } from './commit.ts';
import type { RulingSource } from './record.ts';
import { UNREAD } from '../detection/unread.ts';
import { receive, type Engine } from './engine.ts';
import { interactionOf } from './interaction/event-state.ts';
import { readState } from './read-state.ts';
import { unknownPolicy } from './unknown-policy.ts';

/**
 * Stops what an adapter cannot carry out (E2), so that the record says what was enforced. Charges nothing and scans
 * nothing: a halt still says its own reason, and where nothing is enforced the answer is `NO_OP`, as for any verdict.
 * `insteadOf` a decision it is enforced in the mode of that decision, whatever an operator has set meanwhile, and
 * counts no strike a second time.
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
  const refused: Refusal = { reason, ...(insteadOf !== undefined && { mode: insteadOf.mode }) };
  const ruling = refusalRuling(decide(policy, event, UNREAD, snapshot), refused);
  const source: RulingSource = { by: 'refusal', findings: UNREAD, refused };
  return commit(parts, { policy, event, ruling, source, snapshot, startedAt, refusal: true });
}
