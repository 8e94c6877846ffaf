import type { FailureCode } from '../../contract/ruling.ts';

/**
 * Why a condition could not be evaluated. The four instances are made once: an error per event and rule would cost more
 * than the decision, and its stack would say nothing.
 */
export class ConditionError extends Error {
  override readonly name = 'ConditionError';
  readonly code: FailureCode;

  constructor(code: FailureCode, message: string) {
    super(message);
    this.code = code;
  }
}

export const MISSING_FACT: ConditionError = new ConditionError('MISSING', 'a fact the condition reads is missing');
export const WRONG_TYPE: ConditionError = new ConditionError(
  'INVALID_ANSWER',
  'a fact has a type the condition cannot use',
);
export const UNKNOWN_SIGNAL: ConditionError = new ConditionError(
  'UNAVAILABLE',
  'a detector the condition reads has failed',
);
export const TOO_MUCH_WORK: ConditionError = new ConditionError(
  'THREW',
  'the facts are larger than a condition may work through',
);

/** What the failure of a condition is recorded as. */
export function conditionFailureCode(error: unknown): FailureCode {
  return error instanceof ConditionError ? error.code : 'THREW';
}
