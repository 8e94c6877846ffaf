import { FlyballError } from '@flyball/core/evidence';

export type AuditErrorCode =
  | 'LOG_IN_USE'
  | 'LOG_NOT_OPENED'
  | 'LOG_BEHIND'
  | 'LOG_FULL'
  | 'LOG_CLOSED'
  | 'RECORD_REFUSED'
  | 'RECORD_UNREADABLE'
  | 'KEYS_NOT_OPENED'
  | 'KEYS_MISSING';

/** A log that cannot be opened, or a record that it cannot take. */
export class AuditError extends FlyballError<AuditErrorCode> {
  /** How the governor records it. */
  readonly failure = 'UNAVAILABLE';

  /** Of `RECORD_UNREADABLE`: which record of which log. */
  readonly place?: { readonly log: string; readonly seq: number };

  constructor(
    code: AuditErrorCode,
    message: string,
    {
      place,
      ...options
    }: { readonly cause?: unknown; readonly place?: { readonly log: string; readonly seq: number } } = {},
  ) {
    super(code, message, options);
    this.name = 'AuditError';
    if (place !== undefined) this.place = place;
  }
}
