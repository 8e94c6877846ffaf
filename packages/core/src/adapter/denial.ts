import type { BuiltInReason, Reason } from '../contract/reasons.ts';
import type { Decision } from '../contract/ruling.ts';

/** How a stop is told: denied, not now, or could not be evaluated, which is not the same as denied (E5). */
export type DenialKind = 'blocked' | 'cooldown' | 'not_evaluated';

/** The status that says the same over HTTP. */
export const DENIAL_STATUS: { readonly [K in DenialKind]: 403 | 429 | 503 } = {
  blocked: 403,
  cooldown: 429,
  not_evaluated: 503,
};

const NOT_EVALUATED: ReadonlySet<Reason> = new Set<BuiltInReason>([
  'FAILED_CLOSED',
  'SUBJECT_MISSING',
  'POLICY_UNKNOWN',
  'STATE_UNAVAILABLE',
  'AUDIT_UNAVAILABLE',
]);

/** True when the decision stops what it is about. */
export function isDenied({ outcome }: Pick<Decision, 'outcome'>): boolean {
  return outcome === 'BLOCK' || outcome === 'COOLDOWN';
}

/**
 * The kind of a decision that stops. An answer that was aborted from outside (the governor closed) ends under a
 * decision that stopped nothing, such as `ALLOW` on what had arrived: the rest could not be evaluated.
 */
export function denialKind(decision: Pick<Decision, 'outcome' | 'reason'>): DenialKind {
  if (decision.outcome === 'COOLDOWN') return 'cooldown';
  return !isDenied(decision) || NOT_EVALUATED.has(decision.reason) ? 'not_evaluated' : 'blocked';
}
