import type { GovernedEvent } from '../contract/event.ts';
import type { Decision, Ruling } from '../contract/ruling.ts';
import { decide } from '../decision/decide.ts';
import { commit } from './commit.ts';
import { receive, UNREAD, type Engine } from './engine.ts';
import { readState } from './read-state.ts';
import { unknownPolicy } from './unknown-policy.ts';

/** Why an adapter stops what no rule stopped. */
export type RefusalReason = 'EDIT_NOT_APPLICABLE' | 'PROVIDER_TOOLS' | 'MAX_HOLD' | 'FAILED_CLOSED';

const NOTHING: readonly never[] = Object.freeze([]);

/**
 * Stops what an adapter cannot carry out (E2), so that the record says what was enforced. Charges nothing and scans nothing:
 * a halt still says its own reason, and where nothing is enforced the answer is `NO_OP`, as for any verdict.
 */
export async function refuseEvent(engine: Engine, given: GovernedEvent, reason: RefusalReason): Promise<Decision> {
  const { state, parts } = engine;
  const { event, policyId, assembled, startedAt } = receive(engine, given);
  if (assembled === undefined) return commit(parts, unknownPolicy(policyId, event, startedAt));

  const { policy } = assembled;
  const { snapshot } = readState(state, assembled, event);
  const ruling = refused(decide(policy, event, UNREAD, snapshot), reason);
  return commit(parts, { policy, event, ruling, snapshot, startedAt });
}

function refused(ruling: Ruling, reason: RefusalReason): Ruling {
  if (ruling.reason === 'HALTED' || ruling.mode === 'off') return ruling;
  const verdict = Object.freeze({ outcome: 'BLOCK', reason } as const);
  const { ruleId: _, retryAfterMs: __, ...rest } = ruling;
  const enforced = ruling.mode === 'enforce' ? verdict : ({ outcome: 'NO_OP', reason: 'SHADOWED' } as const);
  return Object.freeze({ ...rest, ...enforced, verdict, edits: NOTHING });
}
