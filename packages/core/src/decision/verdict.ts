import type { Verdict } from '../contract/ruling.ts';

/** A frozen verdict. `ruleId` is the rule, limit or ladder that decided. */
export function verdict(outcome: Verdict['outcome'], reason: Verdict['reason'], ruleId?: string): Verdict {
  return Object.freeze(ruleId === undefined ? { outcome, reason } : { outcome, reason, ruleId });
}
