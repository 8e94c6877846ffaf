import type { AuditRecord } from '../contract/record.ts';

export interface AcceptOptions {
  /** The policy wants this record to survive a crash before the decision takes effect: return once it is on disk. */
  readonly durable: boolean;
}

/**
 * Where records go. `accept` is called before the decision takes effect: return once the record is in the sink's care
 * (queued or on disk, as the sink declares), throw or reject if it cannot be. A refused record makes the governor apply
 * `onError`.
 *
 *     const sink: Sink = { name: 'lines', accept: (record) => void lines.push(JSON.stringify(record)) };
 */
export interface Sink {
  readonly name: string;
  /**
   * It can keep a record on disk before `accept` resolves, when asked to. A policy with `audit: { durable }` loads with
   * such a sink only.
   */
  readonly offersDurable?: boolean;
  accept(record: AuditRecord, options?: AcceptOptions): void | Promise<void>;
  /** Resolves when everything that was accepted is where it belongs. */
  flush?(): Promise<void>;
  /** Writes what is queued and lets go of resources. */
  close?(): Promise<void>;
}
