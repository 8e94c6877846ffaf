/**
 * What every error of this project is: misuse of the API, a set-up that cannot work, or a stop where only an exception
 * can say so. Outcomes are never thrown: they are decisions. `code` is stable and documented in
 * `docs/reference/errors.md`.
 *
 *     if (FlyballError.isInstance(error)) log(error.code, error.message);
 */
export class FlyballError<Code extends string = FlyballErrorCode> extends Error {
  readonly code: Code;

  constructor(code: Code, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.name = 'FlyballError';
    this.code = code;
    // Not enumerable: errors get logged and compared.
    Object.defineProperty(this, BRAND, { value: true });
  }

  /** True for any error of this project, whichever of its packages or copies made it. */
  static isInstance(error: unknown): error is FlyballError<string> {
    return typeof error === 'object' && error !== null && (error as { [BRAND]?: unknown })[BRAND] === true;
  }
}

export type FlyballErrorCode =
  | 'EVENT_INVALID'
  | 'SUBJECT_INVALID'
  | 'OPTIONS_INVALID'
  | 'CONTROL_INVALID'
  | 'POLICY_NOT_LOADED'
  | 'PRECOMPILED_MISMATCH'
  | 'GOVERNOR_CLOSED'
  | 'NO_INTERACTION';

// Registered, so that two copies of this package in one process recognise each other's errors.
const BRAND: unique symbol = Symbol.for('flyball.error') as never;
