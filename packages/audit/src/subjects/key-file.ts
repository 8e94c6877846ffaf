// The keys of subjects, in a SQLite file. Runs in a worker (see `key-worker.ts`).
import { randomBytes } from 'node:crypto';
import { chmodSync, closeSync, openSync } from 'node:fs';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { Forgotten, Subject, SubjectKey, SubjectScope } from './subject-keys.ts';

export const KEY_BYTES = 32;
const ID_BYTES = 12;
/** "Flyk": tells the file from a log, and from any other database. */
const APPLICATION_ID = 0x466c796b;
/** Another process that makes or forgets a key is waited for, in milliseconds. */
const BUSY_MS = 5000;

/** The empty user is the tenant itself: who acts without a user is sealed with the tenant's key. */
const TABLES = `
CREATE TABLE subject (
  tenant TEXT NOT NULL, user TEXT NOT NULL, id TEXT NOT NULL UNIQUE, key BLOB NOT NULL, PRIMARY KEY (tenant, user)
) STRICT;
CREATE TABLE hold (tenant TEXT, user TEXT) STRICT;
`;

interface Row {
  readonly id: string;
  readonly key: Uint8Array;
}

export class KeyFile {
  readonly #db: DatabaseSync;
  readonly #find: StatementSync;
  readonly #insert: StatementSync;
  #isUnclear = false;

  constructor(file: string) {
    // Made before SQLite would, which lets everybody read.
    closeSync(openSync(file, 'a', 0o600));
    chmodSync(file, 0o600);
    this.#db = new DatabaseSync(file, { timeout: BUSY_MS });
    this.#db.exec('PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON');
    this.#prepare();
    this.#find = this.#db.prepare('SELECT id, key FROM subject WHERE tenant = ? AND user = ?');
    this.#insert = this.#db.prepare('INSERT INTO subject VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING');
  }

  keysOf(subjects: readonly Subject[]): readonly SubjectKey[] {
    if (this.#isUnclear) this.#clear();
    const found = subjects.map((subject) => this.#keyOf(subject));
    if (found.every((key) => key !== undefined)) return found;
    return this.#transaction(() => subjects.map((subject) => this.#keyOf(subject) ?? this.#make(subject)));
  }

  /** Which keys go and which are held, in one step: a hold that comes meanwhile comes before or after. */
  forget({ tenant, user }: Subject): Forgotten {
    const forgotten = this.#transaction(() => {
      const rows = this.#db
        .prepare(
          `SELECT id, EXISTS (SELECT 1 FROM hold WHERE (hold.tenant IS NULL OR hold.tenant = subject.tenant)
             AND (hold.user IS NULL OR hold.user = subject.user)) AS held
           FROM subject WHERE tenant = ?1 AND (?2 IS NULL OR user = ?2)`,
        )
        .all(tenant, user ?? null) as unknown as readonly { readonly id: string; readonly held: number }[];
      const remove = this.#db.prepare('DELETE FROM subject WHERE id = ?');
      const idsOf = (held: number): readonly string[] => rows.flatMap((row) => (row.held === held ? [row.id] : []));
      const [ids, kept] = [idsOf(0), idsOf(1)];
      for (const id of ids) remove.run(id);
      return { ids, held: kept };
    });
    this.#isUnclear = true;
    this.#clear();
    return forgotten;
  }

  hold({ tenant, user }: SubjectScope): void {
    this.#db.prepare('INSERT INTO hold VALUES (?, ?)').run(tenant ?? null, user ?? null);
  }

  release({ tenant, user }: SubjectScope): number {
    const lifted = this.#db.prepare('DELETE FROM hold WHERE tenant IS ? AND user IS ?');
    return Number(lifted.run(tenant ?? null, user ?? null).changes);
  }

  close(): void {
    this.#clear();
    this.#db.close();
  }

  /**
   * What was forgotten is still in the write-ahead log until then. Where somebody reads just now it is tried again with
   * the next step. INVARIANT: never a failure: the keys are forgotten, and nobody is told their ids a second time.
   */
  #clear(): void {
    if (!this.#isUnclear) return;
    try {
      const { busy } = this.#db.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get() as { readonly busy: number };
      this.#isUnclear = busy !== 0;
    } catch {
      // The disk is full, or somebody locks the file.
    }
  }

  #keyOf({ tenant, user = '' }: Subject): SubjectKey | undefined {
    const own = this.#find.get(tenant, user) as Row | undefined;
    const ofTenant = user === '' ? own : (this.#find.get(tenant, '') as Row | undefined);
    if (own === undefined || ofTenant === undefined) return undefined;
    return { id: own.id, tenantId: ofTenant.id, key: own.key };
  }

  #make(subject: Subject): SubjectKey {
    const { tenant, user = '' } = subject;
    for (const one of new Set(['', user]))
      this.#insert.run(tenant, one, `sub_${randomBytes(ID_BYTES).toString('hex')}`, randomBytes(KEY_BYTES));
    return this.#keyOf(subject)!;
  }

  #prepare(): void {
    const { application_id: id } = this.#db.prepare('PRAGMA application_id').get() as { application_id: number };
    if (id === APPLICATION_ID) return;
    this.#transaction(() => {
      const { tables } = this.#db.prepare('SELECT count(*) AS tables FROM sqlite_schema').get() as { tables: number };
      const { application_id: now } = this.#db.prepare('PRAGMA application_id').get() as { application_id: number };
      // Another process may have been first.
      if (now === APPLICATION_ID) return;
      if (tables > 0) throw new Error('the file is another database');
      this.#db.exec(`${TABLES} PRAGMA application_id=${APPLICATION_ID};`);
    });
  }

  #transaction<T>(work: () => T): T {
    this.#db.exec('BEGIN IMMEDIATE');
    try {
      const done = work();
      this.#db.exec('COMMIT');
      return done;
    } catch (error) {
      this.#db.exec('ROLLBACK');
      throw error;
    }
  }
}

/** Keys by their ids, for those who read what is sealed. */
export interface SubjectKeyReader {
  key(id: string): Uint8Array | undefined;
  close(): void;
}

/** Opens a file of subjects' keys for reading. Throws what SQLite throws where it is none. */
export function readSubjectKeys(file: string): SubjectKeyReader {
  const db = new DatabaseSync(file, { readOnly: true });
  const byId = db.prepare('SELECT key FROM subject WHERE id = ?');
  return {
    key: (id) => (byId.get(id) as { readonly key: Uint8Array } | undefined)?.key,
    close: () => db.close(),
  };
}
