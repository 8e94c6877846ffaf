import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { basename, join } from 'node:path';
import { newestCheckpoint } from '../integrity/checkpoint.ts';
import { parseEntryLine, type LogEntry } from '../integrity/entry.ts';
import type { LoggedRecord } from '../record/log-records.ts';
import { recordReader, type LogReader, type ReadOptions } from './read-log.ts';

const CHUNK = 2 ** 20;

/**
 * The entries of an export's `entries.jsonl`, in pieces; `undefined` for a line that is no entry, also where the last
 * has no end.
 */
export function* entriesInFile(file: string): Generator<LogEntry | undefined> {
  const handle = openSync(file, 'r');
  try {
    // What has come of a line that has not ended: joined once, however long it is.
    let rest: Buffer[] = [];
    for (;;) {
      const chunk = Buffer.allocUnsafe(CHUNK);
      const bytes = chunk.subarray(0, readSync(handle, chunk, 0, CHUNK, null));
      if (bytes.length === 0) break;
      let from = 0;
      for (let end = bytes.indexOf(0x0a); end >= 0; end = bytes.indexOf(0x0a, from)) {
        const line = bytes.subarray(from, end);
        yield parseEntryLine(rest.length === 0 ? line : Buffer.concat([...rest, line]));
        rest = [];
        from = end + 1;
      }
      if (from < bytes.length) rest.push(bytes.subarray(from));
    }
    if (rest.length > 0) yield undefined;
  } finally {
    closeSync(handle);
  }
}

/**
 * Opens the folder of an export (`flyball export`, `exportPostgresLogs`) for reading. It does not say its key: `vkey`
 * is absent. Throws what the file system throws where it is none, and an `Error` for a line that is no entry.
 */
export function readExport(folder: string, options: ReadOptions = {}): LogReader {
  const file = join(folder, 'entries.jsonl');
  closeSync(openSync(file, 'r'));

  function* entries(): Generator<LogEntry> {
    let seq = 0;
    for (const entry of entriesInFile(file)) {
      if (entry === undefined) throw new Error(`line ${seq + 1} of \`${file}\` is no entry`);
      seq++;
      yield entry;
    }
  }
  function* records(from = 0): Generator<{ readonly seq: number; readonly record: LoggedRecord }> {
    for (const entry of entries())
      if ('body' in entry && entry.seq >= from) yield { seq: entry.seq, record: recordIn(entry.seq, entry.body) };
  }
  const checkpoints = (): Buffer => readFileSync(join(folder, 'checkpoint'));

  const name = nameIn(checkpoints()) ?? basename(folder);
  const recordIn = recordReader(name, options);

  return {
    name,
    vkey: undefined,
    entries,
    records,
    checkpoints,
    find(auditId) {
      for (const found of records()) if (found.record.auditId === auditId) return found;
      return undefined;
    },
    close() {},
  };
}

/** What the log calls itself in its checkpoints. */
function nameIn(checkpoints: Buffer): string | undefined {
  try {
    return newestCheckpoint(checkpoints)?.note.split('\n', 1)[0];
  } catch {
    return undefined;
  }
}
