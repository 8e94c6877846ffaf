/**
 * Misuse of the API or a set-up that cannot work. Outcomes are never thrown: they are decisions.
 * `code` is stable and documented in `docs/reference/errors.md`.
 */
export class FlyballError extends Error {
  readonly code: FlyballErrorCode;

  constructor(code: FlyballErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.name = 'FlyballError';
    this.code = code;
    brand(this);
  }

  /** True for any `FlyballError`, also one made by another copy of this package. */
  static isInstance(error: unknown): error is FlyballError {
    return typeof error === 'object' && error !== null && (error as { [BRAND]?: unknown })[BRAND] === true;
  }
}

export type FlyballErrorCode =
  | 'EVENT_INVALID'
  | 'SUBJECT_INVALID'
  | 'OPTIONS_INVALID'
  | 'CONTROL_INVALID'
  | 'POLICY_NOT_LOADED'
  | 'GOVERNOR_CLOSED'
  | 'NO_INTERACTION';

const BRAND: unique symbol = Symbol.for('flyball.error');

function brand(error: FlyballError): void {
  Object.defineProperty(error, BRAND, { value: true });
}
