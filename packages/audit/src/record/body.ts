import { AuditError } from '../log/audit-error.ts';
import type { LoggedRecord } from './log-records.ts';

/** A record as it is written. What JSON cannot say is refused, so that it keeps no other record from being written. */
export function bodyOf(record: LoggedRecord): string {
  try {
    return JSON.stringify(record);
  } catch (cause) {
    throw new AuditError('RECORD_REFUSED', `record ${record.auditId} cannot be written as JSON`, { cause });
  }
}
