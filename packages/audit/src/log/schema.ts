/** Version of the tables; a file with a higher one is refused. */
export const SCHEMA_VERSION = 1;

/**
 * `record` has what is searched by, `body` the record itself, in a table of its own: taking bodies away frees whole
 * pages for new ones. `record.commitment` stays when the body goes, and the tree stands on it.
 */
export const TABLES = `
CREATE TABLE log (
  id INTEGER PRIMARY KEY CHECK (id = 1), name TEXT NOT NULL, vkey TEXT NOT NULL, created_at INTEGER NOT NULL,
  clean INTEGER NOT NULL
) STRICT;
CREATE TABLE record (
  seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, kind TEXT NOT NULL, audit_id TEXT NOT NULL,
  outcome TEXT, tenant TEXT, user TEXT, rule TEXT, interaction TEXT, commitment BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX record_audit ON record (audit_id);
CREATE INDEX record_subject ON record (tenant, user) WHERE tenant IS NOT NULL;
CREATE INDEX record_interaction ON record (interaction) WHERE interaction IS NOT NULL;
CREATE INDEX record_stopped ON record (tenant, rule, at) WHERE outcome IN ('BLOCK', 'COOLDOWN');
CREATE INDEX record_at ON record (at);
CREATE TABLE body (seq INTEGER PRIMARY KEY, salt BLOB NOT NULL, data TEXT NOT NULL) STRICT;
CREATE TABLE tile (level INTEGER, idx INTEGER, hashes BLOB NOT NULL, PRIMARY KEY (level, idx)) STRICT, WITHOUT ROWID;
CREATE TABLE checkpoint (size INTEGER PRIMARY KEY, at INTEGER NOT NULL, note TEXT NOT NULL) STRICT;
CREATE TABLE hold (
  id INTEGER PRIMARY KEY, tenant TEXT, user TEXT, who TEXT NOT NULL, why TEXT NOT NULL, at INTEGER NOT NULL
) STRICT;
`;

/**
 * WAL with full sync: what was acknowledged is on disk. `secure_delete`: what was shredded is in no page. The writer
 * never waits for another: there is none.
 */
export const WRITER_PRAGMAS =
  'PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON; PRAGMA trusted_schema=OFF; PRAGMA foreign_keys=OFF;';

/** "Flyb": tells the file from any other database. */
export const APPLICATION_ID = 0x466c7962;
