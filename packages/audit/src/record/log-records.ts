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

/** Records that the log could not take: shed by the rule that was declared, or one that its place refuses. */
export interface GapRecord {
  readonly schemaVersion: typeof RECORD_SCHEMA_VERSION;
  readonly kind: 'gap';
  readonly auditId: string;
  readonly at: number;
  readonly lost: number;
  /** Milliseconds since the epoch of the first and last of them. */
  readonly from: number;
  readonly to: number;
  /** Audit id of the one record that stood here and was refused for what it holds. Absent where records were shed. */
  readonly refused?: string;
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

/**
 * A record about a subject, sealed with the key of that subject (`subjectKeys`): once the key is forgotten, nobody
 * reads it.
 */
export interface SealedRecord {
  readonly schemaVersion: typeof RECORD_SCHEMA_VERSION;
  readonly kind: 'sealed';
  /** Of the record that is sealed. */
  readonly auditId: string;
  readonly at: number;
  /** Its kind. */
  readonly of: 'decision' | 'opened' | 'subject';
  /** Id that stands for the tenant. */
  readonly tenant: string;
  /** Id of the subject's key. */
  readonly subject: string;
  readonly alg: 'A256GCM';
  /** 12 bytes, in base64. */
  readonly nonce: string;
  /** The record as JSON, encrypted, and the tag of 16 bytes, in base64. Additional data is `auditId`. */
  readonly data: string;
}

/** Everything that stands in a log. */
export type LoggedRecord = AuditRecord | LogRecord | GapRecord | ShredRecord | HoldRecord | SealedRecord;
