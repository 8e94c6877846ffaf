// For the browser: nothing of Node, nothing of Flyball. Give `governedFetch` to
// `new DefaultChatTransport({ fetch: governedFetch })`.

/** What a page may know of a stop: no rule, no pattern, none of the text. */
export interface Stop {
  readonly kind: 'blocked' | 'cooldown' | 'halted' | 'not-evaluated';
  readonly reason: string;
  /** For support: `flyball explain <auditId>` says the rest. */
  readonly auditId: string;
  /** When to come back, with `cooldown`. */
  readonly retryAfterS?: number;
}

/** A request that was stopped before it began. `useChat` has it as `error`. */
export class StoppedError extends Error {
  readonly stop: Stop;
  constructor(stop: Stop) {
    super(stop.reason);
    this.stop = stop;
  }
}

interface ProblemDetails {
  readonly status: number;
  readonly reason: string;
  readonly auditId: string;
}

/**
 * Like `fetch`, but a stop rejects with a `StoppedError`: the header that says when to come back would be lost
 * otherwise.
 */
export const governedFetch: typeof fetch = async (input, init) => {
  const response = await fetch(input, init);
  if (response.ok || response.headers.get('content-type')?.startsWith('application/problem+json') !== true)
    return response;
  const { status, reason, auditId } = (await response.json()) as ProblemDetails;
  const seconds = Number(response.headers.get('retry-after'));
  const retryAfterS = status === 429 && seconds > 0 ? { retryAfterS: seconds } : {};
  throw new StoppedError({ kind: kindOf(status, reason), reason, auditId, ...retryAfterS });
};

/** The stop inside an answer, or `undefined`: the refusal is a text part of its own that carries the decision. */
export function stopOf(message: { readonly parts: readonly object[] }): Stop | undefined {
  for (const part of message.parts as readonly MessagePart[]) {
    const said = part.providerMetadata?.flyball ?? (part.type === 'data-governance' ? part.data : undefined);
    if (said === undefined) continue;
    const retryAfterS = said.retryAfterMs === undefined ? {} : { retryAfterS: Math.ceil(said.retryAfterMs / 1000) };
    return {
      kind: kindOf(said.outcome === 'COOLDOWN' ? 429 : 403, said.reason),
      reason: said.reason,
      auditId: said.auditId,
      ...retryAfterS,
    };
  }
  return undefined;
}

interface Said {
  readonly outcome?: string;
  readonly reason: string;
  readonly auditId: string;
  readonly retryAfterMs?: number;
}

interface MessagePart {
  readonly type: string;
  readonly data?: Said;
  readonly providerMetadata?: { readonly flyball?: Said };
}

function kindOf(status: number, reason: string): Stop['kind'] {
  if (reason === 'HALTED') return 'halted';
  if (status === 429) return 'cooldown';
  return status === 503 ? 'not-evaluated' : 'blocked';
}

/** Words for people. The reason is a code of your policy: map yours to sentences here. */
export function wordsFor({ kind, retryAfterS = 60 }: Stop): string {
  switch (kind) {
    case 'halted':
      return 'The assistant is switched off for the moment. Your message was not answered.';
    case 'cooldown':
      return `Please wait ${retryAfterS} seconds before you write again.`;
    case 'not-evaluated':
      return 'This could not be checked, so it was not sent. Please try again.';
    case 'blocked':
      return 'The assistant may not say more about this.';
  }
}
