import { closeSync, mkdirSync, openSync, readdirSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { entryLine } from '@flyball/audit';
import { EXIT, messageOf, NotRun, type Answer, type Io } from '../io.ts';
import { openReader } from '../log.ts';

/** Entries written at once. */
const CHUNK = 1000;

/** Writes a log in the form that anyone can verify: `entries.jsonl` and `checkpoint`. */
export function exportLog(file: string, folder: string, io: Io): Answer {
  const reader = openReader(file);
  try {
    const entries = emptyFile(folder);
    let written = 0;
    let lines: string[] = [];
    const write = (): void => {
      if (lines.length > 0) writeSync(entries, `${lines.join('\n')}\n`);
      written += lines.length;
      lines = [];
      io.progress(`${written} records`);
    };
    for (const entry of reader.entries()) {
      lines.push(entryLine(entry));
      if (lines.length === CHUNK) write();
    }
    write();
    closeSync(entries);
    writeFileSync(join(folder, 'checkpoint'), reader.checkpoints());
    return {
      exit: EXIT.yes,
      lines: [`${written} records in ${folder}`, `  verify it with: flyball verify ${folder} --key '${reader.vkey}'`],
      json: { records: written, folder, key: reader.vkey },
    };
  } finally {
    reader.close();
  }
}

function emptyFile(folder: string): number {
  try {
    mkdirSync(folder, { recursive: true });
    if (readdirSync(folder).length > 0) throw new NotRun(`\`${folder}\` is not empty: give a new folder`);
    return openSync(join(folder, 'entries.jsonl'), 'w');
  } catch (error) {
    if (error instanceof NotRun) throw error;
    throw new NotRun(`cannot write to \`${folder}\`: ${messageOf(error)}`);
  }
}
