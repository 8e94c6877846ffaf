import {
  BrokenCircuitError,
  BulkheadRejectedError,
  bulkhead,
  circuitBreaker,
  CircuitState,
  CountBreaker,
  DelegateBackoff,
  handleWhen,
  noop,
  retry,
  type BulkheadPolicy,
  type CircuitBreakerPolicy,
  type IPolicy,
} from 'cockatiel';
import { RetryBudget } from './budget.ts';
import { JudgeError, notAgain } from './judge-error.ts';
import type { JudgeStats, Settings } from './options.ts';

/** Before the first repetition; the next one waits twice as long. */
const FIRST_WAIT_MS = 50;

/**
 * Bulkhead, breaker and repetitions around the calls of one judge.
 *
 *     repetitions( breaker( deadline of the caller( bulkhead( call ) ) ) )
 *
 * The breaker counts what its callers saw: an answer that came too late is a failure too. It does not count who left,
 * nor a full bulkhead, which say nothing about the other side.
 */
export class Resilience {
  readonly #judge: string;
  readonly #bulkhead: BulkheadPolicy;
  readonly #breaker: CircuitBreakerPolicy | undefined;
  readonly #retry: IPolicy;
  readonly #budget: RetryBudget;
  readonly #most: number;
  repeated = 0;

  constructor(judge: string, settings: Pick<Settings, 'calls' | 'waiting' | 'breaker' | 'retry'>) {
    this.#judge = judge;
    this.#bulkhead = bulkhead(settings.calls, settings.waiting);
    if (settings.breaker !== undefined) {
      const { failures, of, againAfterMs } = settings.breaker;
      this.#breaker = circuitBreaker(handleWhen(countsAgainst), {
        halfOpenAfter: againAfterMs,
        breaker: new CountBreaker({ threshold: failures, size: of, minimumNumberOfCalls: Math.ceil(of / 2) }),
      });
    }
    this.#budget = new RetryBudget(settings.retry.share);
    const { most } = settings.retry;
    this.#most = most;
    if (most === 0) this.#retry = noop;
    else {
      const policy = retry(
        handleWhen((error) => error instanceof JudgeError && error.again),
        {
          maxAttempts: most,
          backoff: new DelegateBackoff(({ attempt, result }) => {
            const error = 'error' in result ? result.error : undefined;
            const asked = error instanceof JudgeError ? error.retryAfterMs : undefined;
            return asked ?? FIRST_WAIT_MS * 2 ** (attempt - 1);
          }),
        },
      );
      policy.onRetry(() => this.repeated++);
      this.#retry = policy;
    }
  }

  get state(): JudgeStats['breaker'] {
    switch (this.#breaker?.state) {
      case CircuitState.Open:
      case CircuitState.Isolated:
        return 'open';
      case CircuitState.HalfOpen:
        return 'half_open';
      default:
        return 'closed';
    }
  }

  /** Runs `call` when there is a place for it. */
  inBulkhead<T>(call: () => Promise<T>): Promise<T> {
    return this.#bulkhead.execute(call);
  }

  /** `attempt` must give up by itself: nothing here waits for less long. */
  async run<T>(attempt: () => Promise<T>, signal: AbortSignal): Promise<T> {
    this.#budget.earn();
    let asked = 0;
    try {
      return await this.#retry.execute(async () => {
        asked++;
        try {
          return await (this.#breaker === undefined ? attempt() : this.#breaker.execute(attempt));
        } catch (error) {
          // Paid for where a repetition follows, and for nothing else.
          const wanted = error instanceof JudgeError && error.again && asked <= this.#most && !signal.aborted;
          throw wanted && !this.#budget.take() ? notAgain(error) : error;
        }
      }, signal);
    } catch (error) {
      throw this.#ours(error);
    }
  }

  #ours(error: unknown): unknown {
    if (error instanceof BrokenCircuitError)
      return new JudgeError('JUDGE_OPEN', `judge \`${this.#judge}\` failed too often and is not asked for a while`, {
        failure: 'UNAVAILABLE',
        cause: error,
      });
    if (error instanceof BulkheadRejectedError)
      return new JudgeError('JUDGE_BUSY', `judge \`${this.#judge}\` has as many calls waiting as it may`, {
        failure: 'UNAVAILABLE',
        cause: error,
      });
    return error;
  }
}

function countsAgainst(error: unknown): boolean {
  return (
    error instanceof JudgeError &&
    error.code !== 'JUDGE_BUSY' &&
    error.code !== 'JUDGE_LIMIT' &&
    error.code !== 'JUDGE_OPEN'
  );
}
