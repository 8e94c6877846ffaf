import { FlyballError } from '@flyball/core/adapter';

export type JudgeErrorCode =
  | 'JUDGE_TIMEOUT'
  | 'JUDGE_ANSWER'
  | 'JUDGE_UNREACHABLE'
  | 'JUDGE_REFUSED'
  | 'JUDGE_BUSY'
  | 'JUDGE_OPEN'
  | 'JUDGE_LIMIT';

/** How a failed judgement is recorded in a decision's `errors`. */
export type JudgeFailure = 'TIMEOUT' | 'INVALID_ANSWER' | 'UNAVAILABLE';

/** What went wrong with a judge: how the decision says it (`failure`), and for people, what exactly (`code`). */
export class JudgeError extends FlyballError<JudgeErrorCode> {
  override readonly name: string = 'JudgeError';
  readonly failure: JudgeFailure;
  /** Asking once more may help. */
  readonly again: boolean;
  /** Milliseconds that the other side wants to be left alone. */
  readonly retryAfterMs: number | undefined;

  constructor(
    code: JudgeErrorCode,
    message: string,
    options: {
      readonly failure: JudgeFailure;
      readonly again?: boolean;
      readonly retryAfterMs?: number | undefined;
      readonly cause?: unknown;
    },
  ) {
    super(code, message, options.cause === undefined ? undefined : { cause: options.cause });
    this.failure = options.failure;
    this.again = options.again ?? false;
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** The same failure, after which the other side is not asked once more. */
export function notAgain(error: JudgeError): JudgeError {
  const { code, message, failure, retryAfterMs } = error;
  return new JudgeError(code, message, { failure, retryAfterMs, cause: error });
}

/** An answer that is not of the form the judge was asked for. Never read as harmless. */
export function badAnswer(judge: string, what: string, cause?: unknown): JudgeError {
  return new JudgeError('JUDGE_ANSWER', `judge \`${judge}\` answered ${what}`, { failure: 'INVALID_ANSWER', cause });
}
