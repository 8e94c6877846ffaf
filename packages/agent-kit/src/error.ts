import { FlyballError, isDenied, type Decision } from '@flyball/core/adapter';
import { statusOf, summaryOf, type DecisionSummary } from './denial.ts';

// Registered, so that two copies of this package in one process recognise each other's errors.
const BRAND: unique symbol = Symbol.for('flyball.GovernanceBlockedError') as never;

/**
 * Thrown where a stop cannot be told in words: the caller demanded JSON or a tool call, or a governed tool's denial is
 * an error by its framework's rules. Never retryable: a policy's answer does not change by asking again.
 */
export class GovernanceBlockedError extends FlyballError<'FLYBALL_BLOCKED'> {
  override readonly name = 'GovernanceBlockedError';
  /** What a caller may be told. */
  readonly denial: DecisionSummary;
  /** 403 for a block, 429 for a cooldown, 503 when governance could not be evaluated. */
  readonly status: 403 | 429 | 503;
  /** Milliseconds to wait; only with `COOLDOWN`. */
  declare readonly retryAfterMs?: number;
  /** The whole decision, for the server's own code. Not enumerable: it names rules, and errors get serialised. */
  declare readonly decision: Decision;

  constructor(decision: Decision, message?: string) {
    super('FLYBALL_BLOCKED', message ?? messageOf(decision));
    this.denial = summaryOf(decision);
    this.status = statusOf(decision);
    if (decision.retryAfterMs !== undefined) this.retryAfterMs = decision.retryAfterMs;
    Object.defineProperty(this, 'decision', { value: decision });
    Object.defineProperty(this, BRAND, { value: true });
  }

  /**
   * The message alone: frameworks write an error out where a model or a person reads it, and the name says nothing to
   * them.
   */
  override toString(): string {
    return this.message;
  }

  /**
   * True for this very error, whichever copy of the package made it. Looks at the value only: see `find` for causes.
   */
  static override isInstance(value: unknown): value is GovernanceBlockedError {
    return typeof value === 'object' && value !== null && (value as { [BRAND]?: unknown })[BRAND] === true;
  }

  /**
   * The governance error behind `value`: itself, or the first up its chain of causes, in which frameworks wrap what
   * they caught.
   */
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

function messageOf(decision: Decision): string {
  const { outcome, reason, auditId } = decision;
  return isDenied(decision)
    ? `stopped by governance: ${outcome} for \`${reason}\`, see audit record \`${auditId}\``
    : `the answer was cut short because governance ended, see audit record \`${auditId}\``;
}
