import { existsSync } from 'node:fs';
import { readLog, type LogReader } from '@flyball/audit';
import { messageOf, NotRun } from './io.ts';

/** Opens a log for reading, or says in one sentence why it cannot be read. */
export function openReader(file: string): LogReader {
  if (!existsSync(file)) throw new NotRun(`there is no log \`${file}\`: give the file that \`openLog\` was given`);
  try {
    return readLog(file);
  } catch (error) {
    throw new NotRun(`\`${file}\` is no log that can be read: ${messageOf(error)}`);
  }
}
