import { AuditError, openLog, type AuditLog } from '@flyball/audit';

/** Opens the log, or one beside it while another chat of this machine writes there: a log is the file of one process. */
export async function keepLog(file: string): Promise<AuditLog> {
  try {
    return await openLog({ file });
  } catch (error) {
    if (!(error instanceof AuditError) || error.code !== 'LOG_IN_USE') throw error;
    return openLog({ file: file.replace(/(\.db)?$/, `-${process.pid}.db`) });
  }
}
