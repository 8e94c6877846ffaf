import type { FailureCode } from '../contract/ruling.ts';

/** What went wrong with a store: how its caller fails (`failure`), and for people, what exactly (`code`). */
export class StoreError extends Error {
  override readonly name: string = 'StoreError';
  readonly code: string;
  readonly failure: FailureCode;

  constructor(code: string, message: string, options: { readonly failure: FailureCode; readonly cause?: unknown }) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.failure = options.failure;
  }
}

/** How an error of a store appears in `errors[]` of a ruling. */
export function failureCode(error: unknown): FailureCode {
  return error instanceof StoreError ? error.failure : 'THREW';
}
