import { randomBytes } from 'node:crypto';
import {
  AuditError,
  checkpointPlaces,
  createSigner,
  EntryChain,
  checkExpiry,
  checkScope,
  forgetSubject,
  holdScopes,
  QUEUE_SETTINGS,
  queuedSink,
  warnings,
  type By,
  type CheckpointOptions,
  type NewEntry,
  type QueuedSink,
  type QueueSettings,
  type Removed,
  type WarningOptions,
} from '@flyball/audit';
import { checkOptions } from '@flyball/core/evidence';
import pg from 'pg';
import { createConnection, type Connection } from '../connection.ts';
import { StoreError } from '@flyball/core/store';
import { monthOf, monthTable, postgresAuditTables } from './tables.ts';
import { lastIds } from './last-ids.ts';
import { hasSealed, heldBodies, hold, release, removeBodies, sweepBodies, type Selection } from './retention.ts';
import { columnTextOrNull } from './text.ts';

export type PostgresSinkOptions = ({ readonly url: string } | { readonly pool: pg.Pool }) &
  QueueSettings &
  WarningOptions & {
    /** The schema that holds the tables. Default `flyball_audit`. Processes share it: each writes a log of its own. */
    readonly schema?: string;
    /** Makes the schema and its tables where they are missing. Default true. */
    readonly migrate?: boolean;
    /**
     * What the logs of this service are called in their checkpoints, such as `acme.example/prod`. Default
     * `flyball.local/postgres`.
     */
    readonly name?: string;
    /**
     * 32 bytes of an Ed25519 key as hex digits. Default: one for this start alone, whose `vkey` you then have to keep.
     */
    readonly key?: string;
    readonly checkpoints?: CheckpointOptions;
    /**
     * Records about subjects that are older go by themselves, each hour, and a `shred` record says so; what a hold
     * covers and the policies stay. Holds for all logs of the schema: give all processes the same. `Infinity` keeps
     * everything. Default 183.
     */
    readonly keepDays?: number;
    /** A statement that is not answered for so long has failed, in milliseconds, and is sent again. Default 10,000. */
    readonly timeoutMs?: number;
  };

/** Records in PostgreSQL, as a sink of a governor. */
export interface PostgresSink extends QueuedSink {
  /** The log of this start: what exports and verifiers call it. */
  readonly log: string;
  /** Give this to those who verify. */
  readonly vkey: string;
  /**
   * Takes the records of one subject away for good, from all logs of the schema; their trees still hold. Who and why
   * are recorded.
   */
  shred(subject: { readonly tenant: string; readonly user?: string }, by: By): Promise<Removed>;
  /**
   * Takes away records of all logs that are older than `days` (default 183), except what a hold keeps and the policies.
   */
  expire(options: { readonly days?: number }, by: By): Promise<Removed>;
  /**
   * A legal hold on all logs of the schema: what it covers is neither shredded nor expired. The empty scope covers
   * everything.
   */
  hold(scope: { readonly tenant?: string; readonly user?: string }, by: By): Promise<void>;
  /** Lifts the holds of exactly this scope. */
  release(scope: { readonly tenant?: string; readonly user?: string }, by: By): Promise<number>;
}

const DAY_MS = 86_400_000;
/** Ids of records that were kept a moment ago: one that comes twice is kept once. */
const RECENT = 10_000;
const SALT = 16;
const NOTHING_HELD: ReadonlyMap<string, number> = new Map();

/**
 * Keeps records in PostgreSQL 13 or later, for services of several processes. Each start writes a log of its own, with
 * its own tree, so no process waits for another; records are in tables by month.
 *
 *     const audit = createPostgresSink({ url: 'postgres://127.0.0.1:5432/app', key: process.env.AUDIT_KEY });
 *     const governor = await createGovernor({ policy: { file: 'policy.yaml' }, audit });
 *
 * While the server cannot be reached, records wait in memory, bounded by `capacity`.
 */
export function createPostgresSink(options: PostgresSinkOptions): PostgresSink {
  checkPostgresSinkOptions(options);
  const { schema = 'flyball_audit', migrate = true, timeoutMs = 10_000, checkpoints = {}, keepDays = 183 } = options;
  const { subjectKeys } = options;
  const { everyRecords = 1000, everyMs = 10_000 } = checkpoints;
  const own = 'url' in options;
  const pool = own
    ? new pg.Pool({
        connectionString: options.url,
        connectionTimeoutMillis: timeoutMs,
        keepAlive: true,
        allowExitOnIdle: true,
        // One writes; the other is there for checkpoints and people.
        max: 2,
      })
    : options.pool;
  const tables = { probe: `${schema}.hold`, sql: postgresAuditTables(schema) };
  const connection = createConnection({
    ...{ pool, own, tables, migrate, deadMs: timeoutMs },
    onTablesGone() {
      isBegun = false;
      months.clear();
    },
  });
  const name = `${options.name ?? 'flyball.local/postgres'}/${Date.now().toString(36)}-${randomBytes(4).toString('hex')}`;
  const signer = createSigner(name, options.key === undefined ? undefined : Buffer.from(options.key, 'hex'));
  const chain = new EntryChain(signer);
  const about = `audit log \`${name}\``;
  const publish = checkpointPlaces(checkpoints, warnings(options, about));
  const months = new Set<string>();
  const recent = lastIds(RECENT);
  let isBegun = false;
  /** What is older than this was looked at, and is gone or held. */
  let sweptTo = 0;
  let isSweeping = false;
  let sent: { readonly bodies: readonly string[]; readonly entries: readonly NewEntry[] } | undefined;

  async function write(bodies: readonly string[]): Promise<void> {
    // A batch that failed comes again as it was, and may have arrived: then the same rows say nothing new.
    if (sent?.bodies !== bodies) sent = { bodies, entries: chain.prepare(bodies, recent.has) };
    const { entries } = sent;
    if (!isBegun) await begin();
    for (const { at } of entries) await makeMonth(at);
    if (entries.length > 0) await insert(connection, schema, name, entries).catch(refusal);
    chain.append(entries);
    for (const { auditId } of entries) recent.add(auditId);
    if (chain.tail >= everyRecords) await checkpoint();
  }

  async function begin(): Promise<void> {
    await connection.query(`insert into ${schema}.log values ($1, $2, $3, $4) on conflict (log) do nothing`, [
      name,
      options.name ?? 'flyball.local/postgres',
      signer.vkey,
      Date.now(),
    ]);
    isBegun = true;
  }

  /** Made by the first process that writes into the month. What cannot be made has a place all the same. */
  async function makeMonth(at: number): Promise<void> {
    const month = monthOf(at).name;
    if (!migrate || months.has(month)) return;
    await connection.query(monthTable(schema, at)).catch((error: unknown) => {
      if (!(error instanceof StoreError) || error.failure === 'UNAVAILABLE') throw error;
    });
    months.add(month);
  }

  async function checkpoint(): Promise<void> {
    const made = chain.checkpoint();
    if (made === undefined) return;
    // The second place first: it is the one that counts.
    await publish(made.note);
    try {
      // Once more: another process may have made the tables again, and this one has not noticed.
      await begin();
      await connection.query(`insert into ${schema}.checkpoint values ($1, $2, $3) on conflict do nothing`, [
        ...[name, made.size, made.note],
      ]);
    } catch {
      // The next one covers what this one did.
    }
  }

  const timer = setInterval(() => void checkpoint(), everyMs);
  timer.unref();
  const sink = queuedSink(options, {
    name: 'postgres',
    about,
    write,
    async end() {
      clearInterval(timer);
      await checkpoint();
      await connection.close();
    },
    retention: { keepDays, sweep },
  });

  async function sweep(before: number): Promise<readonly (Removed & { readonly log: string })[]> {
    const logs = await sweepBodies(connection, schema, { from: sweptTo, before });
    // Told with the first step of a sweep, and once.
    const held =
      isSweeping || logs.length === 0 ? NOTHING_HELD : await heldBodies(connection, schema, { from: sweptTo, before });
    isSweeping = logs.length > 0;
    if (!isSweeping) sweptTo = before;
    return logs.map((one) => ({ ...one, held: held.get(one.log) ?? 0 }));
  }

  async function remove(selections: readonly Selection[], { who, why }: By): Promise<Removed> {
    let all: Removed = { removed: 0, held: 0, ranges: [] };
    for (const selection of selections) {
      // Numbers are those of one log: each gets a record of what was taken from it, in the log of who took it.
      for (const { log, ...found } of await removeBodies(connection, schema, selection)) {
        await sink.keep({ kind: 'shred', who, why: `${why} (log ${log})`, ...found });
        all = {
          removed: all.removed + found.removed,
          held: all.held + found.held,
          ranges: [...all.ranges, ...found.ranges],
        };
      }
    }
    if (all.removed + all.held === 0) await sink.keep({ kind: 'shred', who, why, ...all });
    await sink.flush();
    return all;
  }

  /** Sealed records name nobody: without the keys nothing of them would be found. */
  async function needsKeys(): Promise<void> {
    if (subjectKeys === undefined && (await hasSealed(connection, schema)))
      throw new AuditError(
        'KEYS_MISSING',
        'records are sealed for their subjects: make the sink with the `subjectKeys` they were written with',
      );
  }

  async function shred(subject: { readonly tenant: string; readonly user?: string }, by: By): Promise<Removed> {
    checkScope('shred', subject, by, ['tenant']);
    await sink.flush();
    await needsKeys();
    return remove(await forgetSubject(subjectKeys, subject), by);
  }

  return Object.assign(sink, {
    log: name,
    vkey: signer.vkey,
    shred,
    async expire(options: { readonly days?: number }, by: By) {
      checkExpiry(options, by);
      const { days = 183 } = options;
      await sink.flush();
      return remove([{ before: Date.now() - days * DAY_MS }], by);
    },
    async hold(scope: Scope, by: By) {
      checkScope('hold', scope, by);
      if (isNamed(scope)) await needsKeys();
      const scopes = await holdScopes(subjectKeys, scope);
      await subjectKeys?.hold(scope);
      for (const one of scopes) await hold(connection, schema, one, by);
      await sink.keep({ kind: 'hold', change: 'set', scope, ...by });
      await sink.flush();
    },
    async release(scope: Scope, by: By) {
      checkScope('release', scope, by);
      if (isNamed(scope)) await needsKeys();
      const scopes = await holdScopes(subjectKeys, scope);
      await subjectKeys?.release(scope);
      let released = 0;
      // The first is the scope by name, which is what its holds are counted by.
      for (const one of scopes.toReversed()) released = await release(connection, schema, one);
      if (released > 0) await sink.keep({ kind: 'hold', change: 'lifted', scope, ...by });
      // What it kept may be too old by now.
      sweptTo = 0;
      await sink.flush();
      return released;
    },
  });
}

type Scope = { readonly tenant?: string; readonly user?: string };

const isNamed = (scope: Scope): boolean => Object.keys(scope).length > 0;

/**
 * Few parameters, and those that cost a server least to read: bodies as one text, because JSON has no line ends and
 * arrays would have every quote of it escaped; bytes of all entries as one value, which travels as it is.
 */
async function insert(
  connection: Connection,
  schema: string,
  log: string,
  entries: readonly NewEntry[],
): Promise<void> {
  const column = <K extends keyof NewEntry>(key: K): readonly NewEntry[K][] => entries.map((entry) => entry[key]);
  const names = (key: 'auditId' | 'tenant' | 'user' | 'rule' | 'interaction'): readonly (string | null)[] =>
    entries.map((entry) => columnTextOrNull(entry[key]));
  const bytes = (key: 'commitment' | 'salt'): Buffer => Buffer.concat(column(key));
  await connection.query(
    `insert into ${schema}.record
     select $1, $2::bigint + n - 1, at, kind, audit_id, outcome, tenant, user_id, rule, interaction,
       substring($11::bytea from 32 * (n::int - 1) + 1 for 32), substring($12::bytea from ${SALT} * (n::int - 1) + 1 for ${SALT}), body
     from unnest($3::bigint[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[],
       string_to_array($13, E'\n')) with ordinality as entry (at, kind, audit_id, outcome, tenant, user_id, rule, interaction, body, n)
     on conflict do nothing`,
    [
      ...[log, entries[0]!.seq, column('at'), column('kind'), names('auditId'), column('outcome'), names('tenant')],
      ...[names('user'), names('rule'), names('interaction'), bytes('commitment'), bytes('salt')],
      column('body').join('\n'),
    ],
  );
}

/**
 * By SQLSTATE: data that a type cannot hold, constraints, limits of a row or an index. One statement writes a batch, so
 * nothing of it is there.
 */
const OF_THE_VALUE = /^(?:22|23|54)/;

function refusal(error: unknown): never {
  const { cause } = error as { readonly cause?: { readonly code?: unknown } };
  if (error instanceof StoreError && OF_THE_VALUE.test(String(cause?.code)))
    throw new AuditError('RECORD_REFUSED', `Postgres refuses what a record holds: ${error.message}`, { cause: error });
  throw error;
}

function checkPostgresSinkOptions(options: PostgresSinkOptions): void {
  const { checkpoints: _, ...rest } = options ?? {};
  checkOptions(
    'createPostgresSink',
    rest,
    {
      ...{ url: TEXT, pool: 'object', schema: SCHEMA, migrate: BOOLEAN, name: TEXT, onWarning: 'function' },
      ...QUEUE_SETTINGS,
      keepDays: { is: (value) => typeof value === 'number' && value > 0, words: 'a number of days above 0' },
      key: { is: (value) => typeof value === 'string' && /^[0-9a-f]{64}$/i.test(value), words: '64 hex digits' },
      timeoutMs: {
        is: (value) => typeof value === 'number' && value > 0 && value < Infinity,
        words: 'a number above 0',
      },
    },
    ['pool' in rest ? 'pool' : 'url'],
  );
}

const TEXT = { is: (value: unknown) => typeof value === 'string' && value !== '', words: 'a string that is not empty' };
const BOOLEAN = { is: (value: unknown) => typeof value === 'boolean', words: '`true` or `false`' };
/** It stands in statements as it is. */
const SCHEMA = {
  is: (value: unknown) => typeof value === 'string' && /^[a-z_][a-z0-9_]{0,39}$/.test(value),
  words: 'a name of small letters, digits and `_`',
};
