import { DatabaseSync } from 'node:sqlite';
import { joinNotes } from '../integrity/checkpoint.ts';
import { SALT_BYTES, type LogEntry } from '../integrity/entry.ts';
import type { LoggedRecord } from '../record/log-records.ts';
import { AuditError } from './audit-error.ts';
import { isMisfiled, type Columns } from './columns.ts';
import { openRecord } from '../subjects/seal.ts';
import type { SubjectKeyReader } from '../subjects/key-file.ts';

/** A reader that held all of it would keep the write-ahead log growing. */
const PAGE = 5000;

/** A log, for reading: also while a process writes it. */
export interface LogReader {
  readonly name: string;
  /** Entries that there were when it was opened. Absent in an export, which would have to be read for it. */
  readonly size?: number;
  /** Absent in an export. */
  readonly vkey: string | undefined;
  /** All entries in order. What is not shredded has its record. */
  entries(): Generator<LogEntry>;
  /** The records, in order, from the number `from` on; those that were shredded are left out. */
  records(from?: number): Generator<{ readonly seq: number; readonly record: LoggedRecord }>;
  /** The log's own copy of its checkpoints, as one file. */
  checkpoints(): Buffer;
  find(auditId: string): { readonly seq: number; readonly record: LoggedRecord | undefined } | undefined;
  /**
   * The first record that stands under another id, kind, time or name than its body says. Whoever searches or shreds
   * goes by these, and no checkpoint sees them. Absent where nothing stands beside the bodies.
   */
  misfiled?(): number | undefined;
  close(): void;
}

/** A log's file, which says its key. */
export interface LogFileReader extends LogReader {
  readonly vkey: string;
  readonly size: number;
}

interface Row {
  readonly seq: number;
  readonly commitment: Uint8Array;
  readonly salt: Uint8Array | null;
  readonly data: string | null;
}

export interface ReadOptions {
  /** Opens what was sealed for its subject. Without it, and where a key was forgotten, the record is a `sealed` one. */
  readonly subjectKeys?: Pick<SubjectKeyReader, 'key'>;
}

/**
 * Reads a body, and opens it where somebody sealed it and the key is there. Throws `RECORD_UNREADABLE` for what is no
 * record any more, or is not what was sealed: somebody has changed it.
 */
export function recordReader(log: string, { subjectKeys }: ReadOptions): (seq: number, body: string) => LoggedRecord {
  return (seq, body) => {
    const record = readable(() => recordIn(body), { log, seq });
    if (record.kind !== 'sealed' || subjectKeys === undefined) return record;
    // Outside: keys that cannot be read say nothing of the record.
    const key = subjectKeys.key(record.subject);
    return readable(() => openRecord(record, () => key), { log, seq }, record.auditId);
  };
}

function recordIn(body: string): LoggedRecord {
  const record = JSON.parse(body) as LoggedRecord | null;
  if (typeof record?.kind !== 'string') throw new Error('it is no object with a kind');
  return record;
}

function readable<T>(read: () => T, place: { readonly log: string; readonly seq: number }, auditId?: string): T {
  try {
    return read();
  } catch (cause) {
    throw unreadable(place, auditId === undefined ? '' : ` (${auditId})`, cause);
  }
}

const unreadable = (place: { readonly log: string; readonly seq: number }, name: string, cause: unknown): AuditError =>
  new AuditError(
    'RECORD_UNREADABLE',
    `record ${place.seq} of \`${place.log}\`${name} cannot be opened: it is not what was written; verify the log`,
    { cause, place },
  );

const NO_SALT = Buffer.alloc(SALT_BYTES);

/**
 * A salt has one length, so that salt and record have one border between them. One of another length, or none beside a
 * record, is somebody's work: what it stands beside has no commitment that fits.
 */
const saltOf = (salt: Uint8Array | null): Buffer => (salt?.length === SALT_BYTES ? Buffer.from(salt) : NO_SALT);

type FiledRow = Columns & { readonly seq: number; readonly data: string };

/** Opens a log's file for reading. Throws what SQLite throws where it is none. */
export function readLog(file: string, options: ReadOptions = {}): LogFileReader {
  const db = new DatabaseSync(file, { readOnly: true });
  const page = db.prepare(
    'SELECT seq, commitment, salt, data FROM record LEFT JOIN body USING (seq) WHERE seq > ? ORDER BY seq LIMIT ?',
  );
  const filed = db.prepare(
    `SELECT seq, at, kind, audit_id AS auditId, outcome, tenant, user, rule, interaction, data
    FROM record JOIN body USING (seq) WHERE seq > ? ORDER BY seq LIMIT ?`,
  );
  const byId = db.prepare('SELECT seq, data FROM record LEFT JOIN body USING (seq) WHERE audit_id = ?');
  const log = db.prepare('SELECT name, vkey FROM log').get() as { readonly name: string; readonly vkey: string };
  const recordIn = recordReader(log.name, options);

  const { size } = db.prepare('SELECT coalesce(max(seq), -1) + 1 AS size FROM record').get() as { size: number };

  function* rows(from = 0): Generator<Row> {
    for (let last = from - 1; ;) {
      const found = page.all(last, PAGE) as unknown as readonly Row[];
      yield* found;
      if (found.length < PAGE) return;
      last = found.at(-1)!.seq;
    }
  }

  return {
    name: log.name,
    vkey: log.vkey,
    size,
    *entries() {
      for (const { seq, commitment, salt, data } of rows())
        yield salt === null && data === null
          ? { seq, commitment: Buffer.from(commitment) }
          : { seq, salt: saltOf(salt), body: data ?? '' };
    },
    *records(from) {
      for (const { seq, data } of rows(from)) if (data !== null) yield { seq, record: recordIn(seq, data) };
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
      const { seq, data } = row;
      const record = data === null ? undefined : recordIn(seq, data);
      // The number stands beside the record, where no checkpoint sees it.
      if (record !== undefined && record.auditId !== auditId)
        throw unreadable({ log: log.name, seq }, ` (${auditId})`, new Error(`it is \`${record.auditId}\``));
      return { seq, record };
    },
    misfiled() {
      for (let last = -1; ;) {
        const rows = filed.all(last, PAGE) as unknown as readonly FiledRow[];
        const wrong = rows.find(({ data, ...filed }) => isMisfiled(data, filed));
        if (wrong !== undefined) return wrong.seq;
        if (rows.length < PAGE) return undefined;
        last = rows.at(-1)!.seq;
      }
    },
    close: () => db.close(),
  };
}
