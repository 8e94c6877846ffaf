import type { FailureCode } from '../contract/ruling.ts';
import { FlyballError } from '../errors.ts';

/** What went wrong with a store: how its caller fails (`failure`), and for people, what exactly (`code`). */
export class StoreError extends FlyballError<string> {
  override readonly name: string = 'StoreError';
  readonly failure: FailureCode;

  constructor(code: string, message: string, options: { readonly failure: FailureCode; readonly cause?: unknown }) {
    super(code, message, options.cause === undefined ? undefined : { cause: options.cause });
    this.failure = options.failure;
  }
}
