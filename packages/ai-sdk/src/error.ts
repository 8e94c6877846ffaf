import type { Decision } from '@flyball/core/adapter';
import { statusOf, summaryOf, type DecisionSummary } from './summary.ts';

// Registered, so that two copies of this package in one process recognise each other's errors.
const BRAND: unique symbol = Symbol.for('flyball.ai-sdk.GovernanceBlockedError') as never;

/**
 * Thrown where a refusal in the model's own words is impossible: the caller demanded JSON or a tool call, and a governed
 * tool's denial is an error by the SDK's rules. Never retryable: a policy's answer does not change by asking again.
 */
export class GovernanceBlockedError extends Error {
  override readonly name = 'GovernanceBlockedError';
  readonly code = 'FLYBALL_BLOCKED';
  /** What a caller may be told. */
  readonly denial: DecisionSummary;
  /** 403 for a block, 429 for a cooldown, 503 when governance could not be evaluated. */
  readonly status: 403 | 429 | 503;
  /** Milliseconds to wait; only with `COOLDOWN`. */
  declare readonly retryAfterMs?: number;
  /** The whole decision, for the server's own code. Not enumerable: it names rules, and errors get serialised. */
  declare readonly decision: Decision;

  constructor(decision: Decision, message?: string) {
    super(
      message ??
        `stopped by governance: ${decision.outcome} for \`${decision.reason}\`, see audit record \`${decision.auditId}\``,
    );
    this.denial = summaryOf(decision);
    this.status = statusOf(decision);
    if (decision.retryAfterMs !== undefined) this.retryAfterMs = decision.retryAfterMs;
    Object.defineProperty(this, 'decision', { value: decision });
    Object.defineProperty(this, BRAND, { value: true });
  }

  /** True for this error however it was loaded; looks through `cause`, in which frameworks wrap what they caught. */
  static isInstance(value: unknown): value is GovernanceBlockedError {
    return typeof value === 'object' && value !== null && BRAND in value;
  }

  /** The governance error behind `value`, itself or up its chain of causes. */
  static find(value: unknown): GovernanceBlockedError | undefined {
    const seen = new Set<unknown>();
    for (let error = value; typeof error === 'object' && error !== null && !seen.has(error);) {
      if (GovernanceBlockedError.isInstance(error)) return error;
      seen.add(error);
      error = (error as { readonly cause?: unknown }).cause;
    }
    return undefined;
  }
}
