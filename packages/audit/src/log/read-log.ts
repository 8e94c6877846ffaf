import { DatabaseSync } from 'node:sqlite';
import { joinNotes } from '../integrity/checkpoint.ts';
import type { LogEntry } from '../integrity/entry.ts';
import type { LoggedRecord } from '../record/log-records.ts';

/** A reader that held all of it would keep the write-ahead log growing. */
const PAGE = 5000;

/** A log's file, for reading: also while a process writes it. */
export interface LogReader {
  readonly name: string;
  readonly vkey: string;
  /** All entries in order. What is not shredded has its record. */
  entries(): Generator<LogEntry>;
  /** The records, in order; those that were shredded are left out. */
  records(): Generator<{ readonly seq: number; readonly record: LoggedRecord }>;
  /** The log's own copy of its checkpoints, as one file. */
  checkpoints(): Buffer;
  find(auditId: string): { readonly seq: number; readonly record: LoggedRecord | undefined } | undefined;
  close(): void;
}

interface Row {
  readonly seq: number;
  readonly commitment: Uint8Array;
  readonly salt: Uint8Array | null;
  readonly data: string | null;
}

/** Opens a log's file for reading. Throws what SQLite throws where it is none. */
export function readLog(file: string): LogReader {
  const db = new DatabaseSync(file, { readOnly: true });
  const page = db.prepare(
    'SELECT seq, commitment, salt, data FROM record LEFT JOIN body USING (seq) WHERE seq > ? ORDER BY seq LIMIT ?',
  );
  const byId = db.prepare('SELECT seq, data FROM record LEFT JOIN body USING (seq) WHERE audit_id = ?');
  const log = db.prepare('SELECT name, vkey FROM log').get() as { readonly name: string; readonly vkey: string };

  function* rows(): Generator<Row> {
    for (let last = -1; ;) {
      const found = page.all(last, PAGE) as unknown as readonly Row[];
      yield* found;
      if (found.length < PAGE) return;
      last = found.at(-1)!.seq;
    }
  }

  return {
    name: log.name,
    vkey: log.vkey,
    *entries() {
      for (const { seq, commitment, salt, data } of rows())
        yield salt === null || data === null
          ? { seq, commitment: Buffer.from(commitment) }
          : { seq, salt: Buffer.from(salt), body: data };
    },
    *records() {
      for (const { seq, data } of rows()) if (data !== null) yield { seq, record: JSON.parse(data) as LoggedRecord };
    },
    checkpoints() {
      const notes = db.prepare('SELECT note FROM checkpoint ORDER BY size').all() as unknown as readonly {
        note: string;
      }[];
      return Buffer.from(joinNotes(notes.map(({ note }) => note)));
    },
    find(auditId) {
      const row = byId.get(auditId) as { readonly seq: number; readonly data: string | null } | undefined;
      if (row === undefined) return undefined;
      return { seq: row.seq, record: row.data === null ? undefined : (JSON.parse(row.data) as LoggedRecord) };
    },
    close: () => db.close(),
  };
}
