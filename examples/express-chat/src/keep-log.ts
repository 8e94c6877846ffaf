import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { AuditError, openLog, type AuditLog } from '@flyball/audit';

/**
 * Opens the log; or one beside it while another chat of this machine writes there, because a log is the file of one
 * process; or one in the machine's temporary folder where this one cannot be written.
 */
export async function keepLog(file: string): Promise<AuditLog> {
  try {
    return await openLog({ file });
  } catch (error) {
    if (!(error instanceof AuditError)) throw error;
    if (error.code === 'LOG_IN_USE') return openLog({ file: file.replace(/(\.db)?$/, `-${process.pid}.db`) });
    if (!isReadOnly(error.cause)) throw error;
    return openLog({ file: join(mkdtempSync(join(tmpdir(), 'flyball-chat-')), basename(file)) });
  }
}

function isReadOnly(cause: unknown): boolean {
  const { code = '', message = '' } = (cause ?? {}) as { readonly code?: string; readonly message?: string };
  return ['EACCES', 'EPERM', 'EROFS'].includes(code) || /readonly|unable to open/i.test(message);
}
