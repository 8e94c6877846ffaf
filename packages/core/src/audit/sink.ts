import type { AuditRecord } from '../contract/record.ts';

/**
 * Where records go. `accept` is called before the decision takes effect: return once the record is in the sink's care (queued or
 * on disk, as the sink declares), throw or reject if it cannot be. A refused record makes the governor apply `onError`.
 */
export interface Sink {
  readonly name: string;
  accept(record: AuditRecord): void | Promise<void>;
  /** Writes what is queued and lets go of resources. */
  close?(): Promise<void>;
}
