import { DENIAL_STATUS, denialKind, isDenied, type Decision, type Outcome, type Reason } from '@flyball/core/adapter';

/** What leaves the server about a stop: nothing of the rule, the pattern or the text (E3). */
export type DecisionSummary = {
  readonly outcome: Outcome;
  readonly reason: Reason;
  readonly auditId: string;
  readonly interactionId: string;
  readonly retryAfterMs?: number;
};

/**
 * A decision that stops nothing stands here for an answer that was cut from outside (see `statusOf`): to its reader
 * the rest could not be evaluated.
 */
export function summaryOf(decision: Decision): DecisionSummary {
  const { auditId, interactionId, retryAfterMs } = decision;
  const { outcome, reason } = isDenied(decision) ? decision : CUT;
  return { outcome, reason, auditId, interactionId, ...(retryAfterMs !== undefined && { retryAfterMs }) };
}

const CUT = { outcome: 'BLOCK', reason: 'FAILED_CLOSED' } as const;

/**
 * The status that says the same over HTTP. A decision that stops nothing stands here for an answer that was cut from
 * outside, when the governor closed: its rest could not be evaluated.
 */
export function statusOf(decision: Pick<Decision, 'outcome' | 'reason'>): 403 | 429 | 503 {
  return isDenied(decision) ? DENIAL_STATUS[denialKind(decision)] : DENIAL_STATUS.not_evaluated;
}

/** The refusal a reader sees unless the application words its own. */
export function defaultRefusal(decision: Pick<DecisionSummary, 'outcome' | 'reason' | 'retryAfterMs'>): string {
  if (!isDenied(decision)) return 'This answer was cut short. Please try again later.';
  if (decision.reason === 'HALTED') return 'This service was halted by its operator. Please try again later.';
  if (decision.outcome === 'COOLDOWN') {
    const seconds = Math.ceil((decision.retryAfterMs ?? 0) / 1000);
    return `This was stopped for now. Please try again in ${seconds} ${seconds === 1 ? 'second' : 'seconds'}.`;
  }
  return statusOf(decision) === 503
    ? 'This could not be checked, so it was stopped. Please try again later.'
    : 'This was stopped by policy.';
}

/** What of a tool call was stopped: the call before it ran, or what it gave when it had. */
export type StoppedPart = 'call' | 'result';

/**
 * What the model reads as the result of a tool call that was stopped. People may read it too, where an application
 * shows results. INVARIANT: a call that was made is never said not to have run, or the model makes it again.
 */
export function denialForModel(
  { reason, retryAfterMs }: Pick<DecisionSummary, 'reason' | 'retryAfterMs'>,
  what: StoppedPart,
): string {
  const stopped = what === 'call' ? 'The call was not run' : 'The call was made, but its result is withheld';
  if (reason === 'HALTED') return `${stopped}: the operator has halted it.`;
  const again =
    retryAfterMs !== undefined
      ? ` It may be tried again in ${Math.ceil(retryAfterMs / 1000)} s.`
      : what === 'call'
        ? ' The same call will be stopped again.'
        : '';
  return `${stopped}: it was stopped by policy (${reason}).${again}`;
}
