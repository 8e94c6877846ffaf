import { notify, StoreError, withTimeout, type Push, type Store, type SyncCursor } from '@flyball/core/store';
import pg from 'pg';
import { changesSince, createChanges, place, sweep } from './changes.ts';
import { createConnection } from './connection.ts';
import { createSubjects } from './subjects.ts';
import { postgresTables } from './tables.ts';

export type PostgresStoreOptions = ({ readonly url: string } | { readonly pool: pg.Pool }) & {
  /** The schema that holds the tables. Default `flyball`. Processes that share it share their state. */
  readonly schema?: string;
  /** Makes the schema and its tables where they are missing. Default true. */
  readonly migrate?: boolean;
  /** Longest wait for a call that an event waits for. Default 100: a limit is a transaction of four round trips. */
  readonly deadlineMs?: number;
  /** Longest wait for controls and re-reads. Default 1,000. */
  readonly backgroundTimeoutMs?: number;
};

/** Where a test's time comes from; production uses the server's. */
export type TestClock = () => number;

const SWEEP_MS = 60_000;

/**
 * State shared by every process on one PostgreSQL 13 or later. Each operation is one transaction, timed by the server's
 * clock.
 *
 *     const store = createPostgresStore({ url: 'postgres://127.0.0.1:5432/app' });
 */
export function createPostgresStore(options: PostgresStoreOptions): Store {
  return createStore(options);
}

export function createStore(options: PostgresStoreOptions, testClock?: TestClock): Store {
  checkOptions(options ?? {});
  const { schema = 'flyball', deadlineMs = 100, backgroundTimeoutMs = 1000, migrate = true } = options;
  const own = 'url' in options;
  const pool = own
    ? new pg.Pool({
        connectionString: options.url,
        connectionTimeoutMillis: Math.max(2000, backgroundTimeoutMs),
        keepAlive: true,
        allowExitOnIdle: true,
      })
    : options.pool;
  const tables = {
    probe: `${schema}.processes`,
    sql: postgresTables(schema),
    // What a request made may be gone: it is made again.
    lost: `update ${schema}.meta set incarnation = gen_random_uuid()::text;
           update ${schema}.history set request = epoch::text`,
  };
  const connection = createConnection({ pool, own, tables, migrate, deadMs: 3 * Math.max(1000, backgroundTimeoutMs) });
  const channel = `${schema}_changes`;
  const subjects = createSubjects({ connection, schema, channel, testClock, deadlineMs });
  const changes = createChanges(connection, schema, channel, testClock);
  let sweptAt = performance.now();

  const soon = <T>(run: () => PromiseLike<T>): Promise<T> => withTimeout(run, deadlineMs);
  const later = <T>(run: () => PromiseLike<T>): Promise<T> => withTimeout(run, backgroundTimeoutMs);

  /** Nobody waits for it, and what it could not remove is removed the next time. */
  function sweepNowAndThen(): void {
    if (performance.now() < sweptAt + SWEEP_MS) return;
    sweptAt = performance.now();
    void sweep(connection.query, schema, testClock?.() ?? null).catch(() => undefined);
  }

  return {
    name: 'postgres',
    shared: true,
    deadlineMs,

    charge: (charges) => soon(async () => subjects.charge(charges)),
    report: (amounts) => soon(async () => subjects.report(amounts)),
    release: (holds) => soon(async () => subjects.release(holds)),
    strike: (strikes) => soon(async () => subjects.strike(strikes)),
    labels: (request) => soon(async () => subjects.labels(request)),
    look: (asked) => later(async () => subjects.look(asked)),
    amend: (amendment) => later(async () => subjects.amend(amendment)),
    control: (request) => later(async () => changes.control(request)),
    setAll: (controls, forMs) => later(async () => changes.setAll(controls, forMs)),
    history: (limit) => later(async () => changes.history(limit)),
    processes: (leaving) => later(async () => changes.processes(leaving)),
    async sync(since, process) {
      const answer = await later(async () => changes.sync(since, process));
      sweepNowAndThen();
      return answer;
    },

    subscribe(listener: (push: Push) => void) {
      // What is thrown in a handler of the client's would end the process.
      const tell = (push: Push): void => notify([listener], [push]);
      let seen: SyncCursor | undefined;
      return connection.listen(channel, {
        async onSign(query) {
          if (seen === undefined) {
            seen = await place(query, schema);
            return;
          }
          const { incarnation } = seen;
          const changes = await changesSince(query, schema, seen, testClock);
          if (changes === undefined) {
            seen = await place(query, schema);
            // What was pushed in the other sequence is not known: whoever listens reads all of it.
            tell({ kind: 'connected' });
            return;
          }
          for (const push of changes) {
            seen = { incarnation, epoch: push.kind === 'control' ? push.change.epoch : push.epoch };
            tell(push);
          }
        },
        onConnected: () => tell({ kind: 'connected' }),
        onLost(cause) {
          seen = undefined;
          tell({ kind: 'lost', cause });
        },
      });
    },

    close: () => connection.close(),
  };
}

type GivenOptions = Partial<{
  url: string;
  pool: pg.Pool;
  schema: string;
  deadlineMs: number;
  backgroundTimeoutMs: number;
}>;

const OPTIONS: readonly string[] = ['url', 'pool', 'schema', 'deadlineMs', 'backgroundTimeoutMs', 'migrate'];

function checkOptions(options: GivenOptions): void {
  const wrong = (message: string): StoreError =>
    new StoreError('POSTGRES_OPTIONS', message, { failure: 'UNAVAILABLE' });
  // A misspelt `schema` would share the tables of another application.
  const unknown = Object.keys(options).find((name) => !OPTIONS.includes(name));
  if (unknown !== undefined) throw wrong(`the store has no option \`${unknown}\`; it has ${OPTIONS.join(', ')}`);
  if ((options.url === undefined) === (options.pool === undefined)) {
    throw wrong('give the store either a `url` or a `pool` of `pg`');
  }
  if (options.pool !== undefined && typeof (options.pool as { connect?: unknown } | null)?.connect !== 'function') {
    throw wrong('`pool` is no pool of `pg`: give a `Pool`, or a `url`');
  }
  for (const name of ['deadlineMs', 'backgroundTimeoutMs'] as const) {
    const ms: unknown = options[name];
    if (ms !== undefined && !(typeof ms === 'number' && ms > 0)) {
      throw wrong(`\`${name}\` must be a number of milliseconds above 0`);
    }
  }
  const { schema = 'flyball' } = options;
  if (!/^[a-z_][a-z0-9_]{0,47}$/.test(schema)) {
    throw wrong(`the schema \`${schema}\` is no plain name: lower-case letters, digits and \`_\`, at most 48 of them`);
  }
}
