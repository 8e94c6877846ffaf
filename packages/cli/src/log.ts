import { existsSync, statSync } from 'node:fs';
import { readExport, readLog, type LogReader } from '@flyball/audit';
import { messageOf, NotRun } from './io.ts';

/** Opens a log, or the folder of an export, for reading, or says in one sentence why it cannot be read. */
export function openReader(path: string): LogReader {
  if (!existsSync(path))
    throw new NotRun(
      `there is no log \`${path}\`: give the file that \`openLog\` was given, or the folder of an export`,
    );
  try {
    return statSync(path).isDirectory() ? readExport(path) : readLog(path);
  } catch (error) {
    throw new NotRun(`\`${path}\` is no log that can be read: ${messageOf(error)}`);
  }
}
