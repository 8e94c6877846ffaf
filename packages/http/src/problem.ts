import {
  DENIAL_STATUS,
  denialKind,
  isDenied,
  type Decision,
  type DenialKind,
  type Reason,
} from '@flyball/core/adapter';

/**
 * What a stopped caller sees: problem details (RFC 9457). INVARIANT: built from the outcome, the reason code and ids
 * only, so it cannot hold rule text, patterns or matched text.
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
 * Status, headers and body for a decision that stops: 403 for a block, 429 for a cooldown, 503 for what could not be
 * evaluated. Client libraries of model providers retry 408, 409, 429 and 5xx by themselves: right for waiting, wrong
 * for a block.
 */
export function denialFor(decision: Decision): Denial {
  const kind = kindOf(decision);
  const headers: Record<string, string> = {};
  if (decision.outcome === 'COOLDOWN') {
    const seconds = retryAfterSeconds(decision);
    headers['Retry-After'] = String(seconds);
    const isLimit = decision.reason === 'LIMIT_EXCEEDED';
    headers['RateLimit'] = `"${isLimit ? 'limit' : 'cooldown'}";r=0;t=${seconds}`;
    const limit = isLimit ? decision.limits?.find((one) => one.limit === decision.verdict.ruleId) : undefined;
    if (limit !== undefined)
      headers['RateLimit-Policy'] = `"limit";q=${Math.floor(limit.allow)};w=${secondsOf(limit.perMs)}`;
  }
  const { auditId, interactionId } = decision;
  // An answer that was aborted from outside ends under a decision that objects to nothing: to its reader that is no
  // reason.
  const reason: Reason = isDenied(decision) ? decision.reason : 'FAILED_CLOSED';
  const problem = { ...kind, reason, auditId, interactionId };
  return { decision, status: kind.status, headers, problem, toJSON: () => problem };
}

/**
 * `RateLimit` and `RateLimit-Policy` (IETF draft) for an answer that was let through: each limit that was charged for
 * the decision, by its id, with what is left and the seconds until some of it comes back. None where no limit was
 * charged. Put them on the answer yourself:
 *
 *     response.setHeaders(new Map(Object.entries(rateLimitFields(decision))));
 */
export function rateLimitFields({ limits = [] }: Pick<Decision, 'limits'>): { readonly [name: string]: string } {
  if (limits.length === 0) return {};
  const each = (of: (limit: (typeof limits)[number]) => string): string =>
    limits.map((limit) => `"${limit.limit}";${of(limit)}`).join(', ');
  return {
    'RateLimit-Policy': each(({ allow, perMs }) => `q=${Math.floor(allow)};w=${secondsOf(perMs)}`),
    RateLimit: each(({ remaining, resetMs }) => `r=${Math.floor(remaining)};t=${Math.ceil(resetMs / 1000)}`),
  };
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

const secondsOf = (ms: number): number => Math.max(1, Math.round(ms / 1000));

/** Whole seconds, rounded up: coming back a moment early would be refused again. */
function retryAfterSeconds(decision: Decision): number {
  return Math.max(1, Math.ceil((decision.retryAfterMs ?? 0) / 1000));
}
