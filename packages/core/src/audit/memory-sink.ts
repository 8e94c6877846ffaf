import { FlyballError } from '../errors.ts';
import type { AuditRecord } from '../contract/record.ts';
import type { Sink } from './sink.ts';

export interface MemorySink extends Sink {
  /** The newest records, oldest first. */
  records(): readonly AuditRecord[];
  /** Records that were overwritten because there were more than `capacity`. */
  readonly overwritten: number;
}

/**
 * Keeps the newest records in memory (default 1,000): for development, tests and pages that show decisions. Nothing
 * survives the process.
 */
export function createMemorySink(capacity = 1000): MemorySink {
  if (!Number.isInteger(capacity) || capacity < 1)
    throw new FlyballError('OPTIONS_INVALID', '`createMemorySink` takes the number of records to keep: 1 or more');
  const ring: AuditRecord[] = [];
  let next = 0;
  let overwritten = 0;
  return {
    name: 'memory',
    get overwritten() {
      return overwritten;
    },
    accept(record) {
      if (ring.length < capacity) {
        ring.push(record);
        return;
      }
      ring[next] = record;
      next = (next + 1) % capacity;
      overwritten++;
    },
    records: () => [...ring.slice(next), ...ring.slice(0, next)],
  };
}
