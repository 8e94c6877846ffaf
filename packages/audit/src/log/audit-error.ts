import { FlyballError } from '@flyball/core/evidence';

export type AuditErrorCode =
  | 'LOG_IN_USE'
  | 'LOG_NOT_OPENED'
  | 'LOG_BEHIND'
  | 'LOG_FULL'
  | 'LOG_CLOSED'
  | 'RECORD_REFUSED'
  | 'KEYS_NOT_OPENED'
  | 'KEYS_MISSING';

/** A log that cannot be opened, or a record that it cannot take. */
export class AuditError extends FlyballError<AuditErrorCode> {
  /** How the governor records it. */
  readonly failure = 'UNAVAILABLE';

  constructor(code: AuditErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(code, message, options);
    this.name = 'AuditError';
  }
}
