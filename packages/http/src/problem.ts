import type { BuiltInReason, Decision, Reason } from '@flyball/core/adapter';

/**
 * What a stopped caller sees: problem details (RFC 9457).
 * INVARIANT: built from the outcome, the reason code and ids only, so it cannot hold rule text, patterns or matched text.
 */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly reason: Reason;
  readonly auditId: string;
  readonly interactionId: string;
}

/** How a decision that stops something is told over HTTP. */
export interface Denial {
  readonly decision: Decision;
  readonly status: number;
  readonly headers: { readonly [name: string]: string };
  readonly problem: Problem;
}

/** Reasons that mean "could not be evaluated", which is not the same as "denied". */
const NOT_EVALUATED: ReadonlySet<Reason> = new Set<BuiltInReason>([
  'FAILED_CLOSED',
  'SUBJECT_MISSING',
  'POLICY_UNKNOWN',
  'STATE_UNAVAILABLE',
  'AUDIT_UNAVAILABLE',
]);

/** True when the decision stops what it is about. */
export function isDenied(decision: Decision): boolean {
  return decision.outcome === 'BLOCK' || decision.outcome === 'COOLDOWN';
}

/**
 * Status, headers and body for a decision that stops: 403 for a block, 429 for a cooldown, 503 for what could not be evaluated.
 * Client libraries of model providers retry 408, 409, 429 and 5xx by themselves: right for waiting, wrong for a block.
 */
export function denialFor(decision: Decision): Denial {
  const kind = kindOf(decision);
  const headers: Record<string, string> = {};
  if (decision.outcome === 'COOLDOWN') {
    const seconds = retryAfterSeconds(decision);
    headers['Retry-After'] = String(seconds);
    headers['RateLimit'] = `"${decision.reason === 'LIMIT_EXCEEDED' ? 'limit' : 'cooldown'}";r=0;t=${seconds}`;
  }
  const { auditId, interactionId, reason } = decision;
  return { decision, status: kind.status, headers, problem: { ...kind, reason, auditId, interactionId } };
}

function kindOf(decision: Decision): Pick<Problem, 'type' | 'title' | 'status' | 'detail'> {
  if (decision.outcome === 'COOLDOWN') {
    return {
      // Registered by the IETF draft on RateLimit fields; a cooldown by strikes is not about a quota.
      type:
        decision.reason === 'LIMIT_EXCEEDED'
          ? 'https://iana.org/assignments/http-problem-types#quota-exceeded'
          : 'urn:flyball:problem:cooldown',
      title: 'Not now',
      status: 429,
      detail: 'Please wait before trying again.',
    };
  }
  if (NOT_EVALUATED.has(decision.reason)) {
    return {
      type: 'urn:flyball:problem:not-evaluated',
      title: 'Could not be evaluated',
      status: 503,
      detail: 'The policy for this request could not be evaluated, so it was stopped.',
    };
  }
  return {
    type: 'urn:flyball:problem:blocked',
    title: 'Blocked by policy',
    status: 403,
    detail: 'A policy of this service stopped this.',
  };
}

/** Whole seconds, rounded up: coming back a moment early would be refused again. */
function retryAfterSeconds(decision: Decision): number {
  return Math.max(1, Math.ceil((decision.retryAfterMs ?? 0) / 1000));
}
