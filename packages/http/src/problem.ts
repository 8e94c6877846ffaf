import { DENIAL_STATUS, denialKind, type Decision, type DenialKind, type Reason } from '@flyball/core/adapter';

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
  /** What a caller may see of it: `res.json(denial)` sends the problem, and nothing of the decision. */
  toJSON(): Problem;
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
  const problem = { ...kind, reason, auditId, interactionId };
  return { decision, status: kind.status, headers, problem, toJSON: () => problem };
}

const WORDS: { readonly [K in DenialKind]: Pick<Problem, 'type' | 'title' | 'detail'> } = {
  blocked: {
    type: 'urn:flyball:problem:blocked',
    title: 'Blocked by policy',
    detail: 'A policy of this service stopped this.',
  },
  cooldown: {
    type: 'urn:flyball:problem:cooldown',
    title: 'Not now',
    detail: 'Please wait before trying again.',
  },
  not_evaluated: {
    type: 'urn:flyball:problem:not-evaluated',
    title: 'Could not be evaluated',
    detail: 'The policy for this request could not be evaluated, so it was stopped.',
  },
};

/** Registered by the IETF draft on RateLimit fields; a cooldown by strikes is not about a quota. */
const QUOTA_EXCEEDED = 'https://iana.org/assignments/http-problem-types#quota-exceeded';

function kindOf(decision: Decision): Pick<Problem, 'type' | 'title' | 'status' | 'detail'> {
  const kind = denialKind(decision);
  const isQuota = kind === 'cooldown' && decision.reason === 'LIMIT_EXCEEDED';
  const { type, title, detail } = WORDS[kind];
  return { type: isQuota ? QUOTA_EXCEEDED : type, title, status: DENIAL_STATUS[kind], detail };
}

/** Whole seconds, rounded up: coming back a moment early would be refused again. */
function retryAfterSeconds(decision: Decision): number {
  return Math.max(1, Math.ceil((decision.retryAfterMs ?? 0) / 1000));
}
