// The one writer of a log's file. Runs in a worker (see `worker.ts`), or in a command while no process has the log
// open.
import { randomBytes } from 'node:crypto';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { parseCheckpoint, signCheckpoint } from '../integrity/checkpoint.ts';
import { commitmentOf, entryLeaf, SALT_BYTES } from '../integrity/entry.ts';
import { MerkleTree } from '../integrity/merkle.ts';
import { openNote, type NoteSigner } from '../integrity/note.ts';
import { subtreesOf, TILE, TileWriter, type ReadTile } from '../integrity/tiles.ts';
import type { OfSubject } from '../subjects/erase.ts';
import { columnsOf } from './columns.ts';
import { APPLICATION_ID, SCHEMA_VERSION, TABLES, WRITER_PRAGMAS } from './schema.ts';

export interface Appended {
  /** Entries of the log now. */
  readonly size: number;
  /** A checkpoint that was due. */
  readonly note?: string;
}

/** Whose records, and of what time: what is absent covers everything. */
export interface Selection extends OfSubject {
  /** Milliseconds since the epoch: records before it. */
  readonly before?: number;
}

/** How far a sweep has come: it goes by time, and by number among records of one millisecond. */
export interface SweepPlace {
  readonly at: number;
  readonly seq: number;
}

/** Bodies that were taken away: how many, how many a hold kept, and which, as ranges of `seq`. */
export interface Removed {
  readonly removed: number;
  readonly held: number;
  readonly ranges: readonly (readonly [from: number, to: number])[];
}

/** Records that one step of a sweep looks at: few enough that those which wait to be written hardly notice. */
const SWEEP_STEP = 2000;

const REMOVABLE = "kind IN ('decision', 'opened', 'subject', 'sealed')";
const IS_HELD = `EXISTS (SELECT 1 FROM hold
  WHERE (hold.tenant IS NULL OR hold.tenant = record.tenant) AND (hold.user IS NULL OR hold.user = record.user))`;

interface Removable {
  readonly seq: number;
  readonly held: number;
}

export class LogFile {
  readonly #db: DatabaseSync;
  readonly #signer: NoteSigner;
  readonly #everyRecords: number;
  readonly #owner: DatabaseSync;
  #tree: MerkleTree;
  #tiles: TileWriter;
  #signed = 0;
  #isUnclear = false;
  /** The last process that had the file open did not close it. */
  readonly wasUnclean: boolean;
  readonly #insert: StatementSync;
  readonly #insertBody: StatementSync;
  readonly #insertTile: StatementSync;

  /** Throws what SQLite throws: `errcode & 0xff` says what it is. */
  constructor(file: string, signer: NoteSigner, everyRecords: number) {
    this.#signer = signer;
    this.#everyRecords = everyRecords;
    this.#owner = ownerOf(file);
    try {
      this.#db = new DatabaseSync(file, { timeout: 0 });
      this.#db.exec(WRITER_PRAGMAS);
      this.wasUnclean = this.#prepare();
      this.#insert = this.#db.prepare(
        'INSERT INTO record VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (audit_id) DO NOTHING',
      );
      this.#insertBody = this.#db.prepare('INSERT INTO body VALUES (?, ?, ?)');
      this.#insertTile = this.#db.prepare('INSERT INTO tile VALUES (?, ?, ?)');
      ({ tree: this.#tree, tiles: this.#tiles } = this.#treeOnDisk());
      this.#signed = this.#checkSigned();
    } catch (error) {
      this.#owner.close();
      throw error;
    }
  }

  get size(): number {
    return this.#tree.size;
  }

  /** Appends records, all or none. One whose audit id is there already is there already. */
  append(bodies: readonly string[]): Appended {
    this.#transaction(() => {
      for (const body of bodies) this.#appendOne(body);
    });
    return this.#tree.size - this.#signed >= this.#everyRecords ? this.checkpoint() : { size: this.#tree.size };
  }

  /** Signs what there is, if anything came since the last checkpoint. */
  checkpoint(): Appended {
    this.#clear();
    const { size } = this.#tree;
    if (size === this.#signed) return { size };
    const note = signCheckpoint(size, this.#tree.root(), this.#signer);
    this.#db.prepare('INSERT INTO checkpoint VALUES (?, ?, ?)').run(size, Date.now(), note);
    this.#signed = size;
    return { size, note };
  }

  /**
   * Takes the bodies of a selection away for good. Their commitments stay, so the tree still holds; what a hold covers
   * stays too.
   */
  remove({ tenant, user, before, sealed, keptIds = [] }: Selection): Removed {
    const rows = this.#db
      .prepare(
        `SELECT seq, ${IS_HELD} OR coalesce(user IN (SELECT value FROM json_each(?5)), 0) AS held
         FROM record WHERE ${REMOVABLE} AND seq IN (SELECT seq FROM body)
         AND (?1 IS NULL OR tenant = ?1) AND (?2 IS NULL OR user = ?2) AND (?3 IS NULL OR at < ?3)
         AND (?4 IS NULL OR user IN (SELECT value FROM json_each(?4))) ORDER BY seq`,
      )
      .all(
        ...[tenant ?? null, user ?? null, before ?? null],
        sealed === undefined ? null : JSON.stringify(sealed),
        JSON.stringify(keptIds),
      ) as unknown as readonly Removable[];
    return this.#remove(rows);
  }

  /** Records that are sealed for their subjects: by name they are not found. */
  get hasSealed(): boolean {
    const sealed = "SELECT 1 FROM record WHERE tenant >= 'sub_' AND tenant < 'sub`' AND kind = 'sealed' LIMIT 1";
    return this.#db.prepare(sealed).get() !== undefined;
  }

  /**
   * A step of taking away what is older than `before`: the next few records behind a place. Answers where the next step
   * begins.
   */
  sweep(before: number, { at, seq }: SweepPlace): Removed & { readonly next?: SweepPlace } {
    const rows = this.#db
      .prepare(
        `SELECT seq, at, ${IS_HELD} AS held, ${REMOVABLE} AND seq IN (SELECT seq FROM body) AS removable
         FROM record WHERE (at, seq) > (?1, ?2) AND at < ?3 ORDER BY at, seq LIMIT ${SWEEP_STEP}`,
      )
      .all(at, seq, before) as unknown as readonly (Removable & { readonly at: number; readonly removable: number })[];
    const found = rows.filter(({ removable }) => removable === 1).sort((a, b) => a.seq - b.seq);
    const last = rows.at(-1);
    return {
      ...(found.length === 0 ? { removed: 0, held: 0, ranges: [] } : this.#remove(found)),
      ...(last !== undefined && { next: { at: last.at, seq: last.seq } }),
    };
  }

  /** From now on what it covers is neither shredded nor expired. */
  hold(scope: { readonly tenant?: string; readonly user?: string }, who: string, why: string): void {
    this.#db
      .prepare('INSERT INTO hold (tenant, user, who, why, at) VALUES (?, ?, ?, ?, ?)')
      .run(scope.tenant ?? null, scope.user ?? null, who, why, Date.now());
  }

  /** Lifts the holds of exactly this scope; answers how many there were. */
  release(scope: { readonly tenant?: string; readonly user?: string }): number {
    const lifted = this.#db
      .prepare('DELETE FROM hold WHERE tenant IS ? AND user IS ?')
      .run(scope.tenant ?? null, scope.user ?? null);
    return Number(lifted.changes);
  }

  close(): void {
    this.#db.exec('UPDATE log SET clean = 1');
    this.#db.close();
    this.#owner.close();
  }

  /** Lets go of the file as it is, so that it can be opened anew. */
  abandon(): void {
    for (const db of [this.#db, this.#owner]) {
      try {
        db.close();
      } catch {
        // It was closed by the failure.
      }
    }
  }

  #remove(rows: readonly Removable[]): Removed {
    const gone = rows.filter(({ held }) => held === 0).map(({ seq }) => seq);
    this.#transaction(() => {
      const body = this.#db.prepare('DELETE FROM body WHERE seq = ?');
      const names = this.#db.prepare('UPDATE record SET tenant = NULL, user = NULL, interaction = NULL WHERE seq = ?');
      for (const seq of gone) {
        body.run(seq);
        names.run(seq);
      }
    });
    this.#isUnclear = true;
    this.#clear();
    return { removed: gone.length, held: rows.length - gone.length, ranges: rangesOf(gone) };
  }

  /**
   * What was taken away is still in the file and its write-ahead log until then. Where somebody reads just now it is
   * tried again with the next checkpoint.
   */
  #clear(): void {
    if (!this.#isUnclear) return;
    const { busy } = this.#db.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get() as { readonly busy: number };
    this.#isUnclear = busy !== 0;
  }

  #appendOne(body: string): void {
    const { at, kind, auditId, outcome, tenant, user, rule, interaction } = columnsOf(body);
    const salt = randomBytes(SALT_BYTES);
    const commitment = commitmentOf(salt, body);
    const seq = this.#tree.size;
    const columns = [seq, at, kind, auditId, outcome, tenant, user, rule, interaction, commitment];
    if (this.#insert.run(...columns).changes === 0) return;
    this.#insertBody.run(seq, salt, body);
    const leaf = entryLeaf(commitment);
    this.#tree.append(leaf);
    this.#tiles.add(leaf);
  }

  #transaction(work: () => void): void {
    this.#db.exec('BEGIN IMMEDIATE');
    try {
      work();
      this.#db.exec('COMMIT');
    } catch (error) {
      // INVARIANT: the tree in memory is that on disk. SQLite may have rolled back by itself: then a second time says
      // nothing new.
      try {
        this.#db.exec('ROLLBACK');
      } catch {
        // Nothing is open.
      }
      ({ tree: this.#tree, tiles: this.#tiles } = this.#treeOnDisk());
      throw error;
    }
  }

  /** Makes or checks the tables; answers whether the last owner left without a word. */
  #prepare(): boolean {
    const db = this.#db;
    const { user_version: version } = db.prepare('PRAGMA user_version').get() as { user_version: number };
    if (version > SCHEMA_VERSION)
      throw new Error(`the file is of version ${version}; this package writes ${SCHEMA_VERSION}`);
    if (version === 0) {
      db.exec('BEGIN IMMEDIATE');
      db.exec(`${TABLES} PRAGMA application_id=${APPLICATION_ID}; PRAGMA user_version=${SCHEMA_VERSION};`);
      db.prepare('INSERT INTO log VALUES (1, ?, ?, ?, 0)').run(this.#signer.name, this.#signer.vkey, Date.now());
      db.exec('COMMIT');
      return false;
    }
    const log = db.prepare('SELECT vkey, clean FROM log').get() as { readonly vkey: string; readonly clean: number };
    if (log.vkey !== this.#signer.vkey)
      throw new Error(`the file is the log of the key \`${log.vkey}\`, not of \`${this.#signer.vkey}\``);
    db.exec('UPDATE log SET clean = 0');
    return log.clean === 0;
  }

  #treeOnDisk(): { readonly tree: MerkleTree; readonly tiles: TileWriter } {
    const size = (this.#db.prepare('SELECT coalesce(max(seq), -1) + 1 AS size FROM record').get() as { size: number })
      .size;
    const { tile, leaves } = readersOf(this.#db);
    const put = (level: number, index: number, hashes: Buffer): void => void this.#insertTile.run(level, index, hashes);
    return {
      tree: MerkleTree.at(size, subtreesOf(tile, leaves)),
      tiles: new TileWriter(size, tile, leaves(size - (size % TILE), size), put),
    };
  }

  /** INVARIANT: a log never signs what contradicts what it has signed. */
  #checkSigned(): number {
    const newest = this.#db.prepare('SELECT note FROM checkpoint ORDER BY size DESC LIMIT 1').get();
    if (newest === undefined) return 0;
    const { text } = openNote(Buffer.from((newest as { note: string }).note), [this.#signer]);
    const { size, root } = parseCheckpoint(text);
    const { tile, leaves } = readersOf(this.#db);
    if (size > this.size || !MerkleTree.at(size, subtreesOf(tile, leaves)).root().equals(root))
      throw new Error(
        `the file no longer agrees with its checkpoint of ${size} records: verify it, and begin a new file`,
      );
    return size;
  }
}

/** Whole tiles, and leaf hashes, as a database has them. */
export function readersOf(db: DatabaseSync): {
  readonly tile: ReadTile;
  readonly leaves: (from: number, to: number) => readonly Buffer[];
} {
  const tile = db.prepare('SELECT hashes FROM tile WHERE level = ? AND idx = ?');
  const leaves = db.prepare('SELECT commitment FROM record WHERE seq >= ? AND seq < ? ORDER BY seq');
  return {
    tile(level, index) {
      const row = tile.get(level, index) as { readonly hashes: Uint8Array } | undefined;
      return row === undefined ? undefined : Buffer.from(row.hashes);
    },
    leaves: (from, to) =>
      (leaves.all(from, to) as unknown as readonly { readonly commitment: Uint8Array }[]).map(({ commitment }) =>
        entryLeaf(Buffer.from(commitment)),
      ),
  };
}

/** The system lets go of this lock when the process ends, however it ends. */
function ownerOf(file: string): DatabaseSync {
  const owner = new DatabaseSync(`${file}-owner`, { timeout: 0 });
  try {
    owner.exec('PRAGMA locking_mode=EXCLUSIVE; BEGIN EXCLUSIVE');
  } catch (error) {
    owner.close();
    throw error;
  }
  return owner;
}

function rangesOf(seqs: readonly number[]): (readonly [number, number])[] {
  const ranges: [number, number][] = [];
  for (const seq of seqs) {
    const last = ranges.at(-1);
    if (last?.[1] === seq - 1) last[1] = seq;
    else ranges.push([seq, seq]);
  }
  return ranges;
}
