import type { AuditRecord, RECORD_SCHEMA_VERSION } from '@flyball/core/evidence';

/**
 * The log was opened or closed. `UNCLEAN_START`: the last process did not close it, so up to one commit window of
 * records may be missing.
 */
export interface LogRecord {
  readonly schemaVersion: typeof RECORD_SCHEMA_VERSION;
  readonly kind: 'log';
  readonly auditId: string;
  readonly at: number;
  readonly change: 'started' | 'stopped';
  readonly reason?: 'UNCLEAN_START';
}

/** Records that the log could not take, by the rule that was declared. */
export interface GapRecord {
  readonly schemaVersion: typeof RECORD_SCHEMA_VERSION;
  readonly kind: 'gap';
  readonly auditId: string;
  readonly at: number;
  readonly lost: number;
  /** Milliseconds since the epoch of the first and last of them. */
  readonly from: number;
  readonly to: number;
}

/** Bodies that were taken away, by whom and why, and which: their commitments are all that is left. */
export interface ShredRecord {
  readonly schemaVersion: typeof RECORD_SCHEMA_VERSION;
  readonly kind: 'shred';
  readonly auditId: string;
  readonly at: number;
  readonly who: string;
  readonly why: string;
  readonly removed: number;
  /** As many were kept because of a hold. */
  readonly held: number;
  readonly ranges: readonly (readonly [from: number, to: number])[];
}

/** What stands in the way of shredding and expiry from now on, or no longer does. */
export interface HoldRecord {
  readonly schemaVersion: typeof RECORD_SCHEMA_VERSION;
  readonly kind: 'hold';
  readonly auditId: string;
  readonly at: number;
  readonly change: 'set' | 'lifted';
  readonly scope: { readonly tenant?: string; readonly user?: string };
  readonly who: string;
  readonly why: string;
}

/** Everything that stands in a log. */
export type LoggedRecord = AuditRecord | LogRecord | GapRecord | ShredRecord | HoldRecord;
