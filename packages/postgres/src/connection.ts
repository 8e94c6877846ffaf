import { StoreError, withTimeout } from '@flyball/core/store';
import type pg from 'pg';
import { gone, toStoreError } from './errors.ts';

/** One statement, its answer as rows of texts. */
export type Query = (
  text: string,
  values?: readonly unknown[],
) => Promise<readonly { readonly [name: string]: string | null }[]>;

export interface Connection {
  /** One statement by itself. */
  query: Query;
  /** The same, with what is read out of its answer: a table that turns out to be empty there is made again. */
  run<T>(body: (query: Query) => Promise<T>): Promise<T>;
  /**
   * Several that other processes see all of, or nothing. `first` is a statement without parameters, sent with the one
   * that begins it.
   */
  transaction<T>(body: (query: Query) => Promise<T>, first?: string): Promise<T>;
  listen(channel: string, listener: Listener): () => void;
  close(): Promise<void>;
}

export interface Listener {
  /** Something has changed, or may have: `query` asks on the connection that heard it. */
  readonly onSign: (query: Query) => Promise<void>;
  readonly onConnected: () => void;
  readonly onLost: (cause?: unknown) => void;
}

export interface ConnectionOptions {
  readonly pool: pg.Pool;
  readonly own: boolean;
  /**
   * What `migrate` makes unless the table `probe` is there: the one that was added last, so that a schema made before
   * it gets it too. `lost` says that what was in them is gone, where they had to be made again.
   */
  readonly tables: { readonly probe: string; readonly sql: string; readonly lost?: string };
  readonly migrate: boolean;
  /** Told when a call finds that tables are gone: what this process knows of them counts no more. */
  readonly onTablesGone?: () => void;
  /**
   * A connection that answers nothing for so long is given up. Deadlines of calls are shorter: this frees its place in
   * the pool.
   */
  readonly deadMs: number;
}

const LOCK_TABLES = 7_236_514_902;

export function createConnection({ pool, own, tables, migrate, onTablesGone, deadMs }: ConnectionOptions): Connection {
  const stops = new Set<() => void>();
  let ready: Promise<void> | undefined;
  let dropped = false;
  let closed = false;
  // What fails while nobody asks anything is seen by the next question; unheard, it would end the process.
  if (own) pool.on('error', () => undefined);

  /** Made once per process, by one process at a time. What fails is tried again by the next call. */
  function prepared(): Promise<void> {
    ready ??= (
      migrate
        ? holding(async (query) => {
            await query('begin');
            await query('select pg_advisory_xact_lock($1)', [LOCK_TABLES]);
            const [found] = await query('select to_regclass($1) as table', [tables.probe]);
            if (dropped || found?.['table'] === null) await query(tables.sql);
            if (dropped && tables.lost !== undefined) await query(tables.lost);
            await query('commit');
            dropped = false;
          })
        : Promise.resolve()
    ).catch((error: unknown) => {
      ready = undefined;
      throw error;
    });
    return ready;
  }

  /** A connection of the pool for as long as `body` runs. One that failed or hangs is not used again. */
  async function holding<T>(body: (query: Query) => Promise<T>): Promise<T> {
    const client = await pool.connect();
    let held = true;
    const release = (error?: Error): void => {
      if (!held) return;
      held = false;
      client.off('error', ignored);
      client.release(error);
    };
    client.on('error', ignored);
    const timer = setTimeout(() => release(gone(new Error(`no answer for ${deadMs} ms`))), deadMs);
    timer.unref();
    try {
      const value = await body(queryOf(client));
      release();
      return value;
    } catch (error) {
      release(error instanceof Error ? error : new Error(String(error)));
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  async function guarded<T>(run: () => Promise<T>): Promise<T> {
    try {
      if (closed) throw gone();
      await prepared();
      return await run();
    } catch (error) {
      const known = toStoreError(error);
      if (known.code === 'POSTGRES_TABLES') onTablesGone?.();
      if (migrate && known.code === 'POSTGRES_TABLES') {
        // Somebody has dropped them: the next call makes them again.
        dropped = true;
        ready = undefined;
      }
      throw known;
    }
  }

  return {
    query: (text, values) => guarded(() => holding((query) => query(text, values))),
    run: (body) => guarded(() => body((text, values) => holding((query) => query(text, values)))),

    transaction: (body, first = '') =>
      guarded(() =>
        holding(async (query) => {
          await query(`begin; ${first}`);
          try {
            const value = await body(query);
            await query('commit');
            return value;
          } catch (error) {
            // What the store refuses leaves the connection as good as it was.
            if (error instanceof StoreError) await query('rollback');
            throw error;
          }
        }),
      ),

    listen(channel, listener) {
      const stop = listenOn({ pool, channel, listener, prepared, deadMs });
      stops.add(stop);
      return () => {
        stops.delete(stop);
        stop();
      };
    },

    async close() {
      closed = true;
      for (const stop of stops) stop();
      stops.clear();
      if (own) await pool.end();
    },
  };
}

const RETRY_MS = [50, 100, 200, 400, 1000];
/** How often a connection that only listens is asked for a sign of life. */
const BEAT_MS = 2000;

interface Listening {
  readonly pool: pg.Pool;
  readonly channel: string;
  readonly listener: Listener;
  readonly prepared: () => Promise<void>;
  readonly deadMs: number;
}

function listenOn({ pool, channel, listener, prepared, deadMs }: Listening): () => void {
  let stopped = false;
  let end: ((error?: Error) => void) | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let failures = 0;

  const later = (run: () => void, ms: number): void => {
    timer = setTimeout(run, ms);
    timer.unref();
  };
  const again = (): void => {
    if (!stopped) later(() => void listen(), RETRY_MS[Math.min(failures++, RETRY_MS.length - 1)]!);
  };

  async function listen(): Promise<void> {
    // That of a connection before has ended already, and would begin nothing anew.
    end = undefined;
    try {
      await prepared();
      const client = await pool.connect();
      const query = queryOf(client);
      let queue: Promise<void> = Promise.resolve();
      let held = true;
      end = (error) => {
        if (!held) return;
        held = false;
        clearTimeout(timer);
        client.removeAllListeners('notification');
        client.release(error ?? new Error('no longer listening'));
        if (stopped) return;
        listener.onLost(error === undefined ? undefined : toStoreError(error));
        again();
      };
      client.on('error', (error) => end?.(error));
      client.on('end', () => end?.(new Error('connection terminated')));
      client.on('notification', () => {
        queue = queue
          .then(() => (held ? listener.onSign(query) : undefined))
          .catch((error: unknown) => end?.(error as Error));
      });
      const beat = (): void => {
        if (!held) return;
        withTimeout(() => query('select 1'), deadMs).then(
          () => later(beat, BEAT_MS),
          (error: unknown) => end?.(error as Error),
        );
      };
      await query(`listen "${channel}"`);
      await listener.onSign(query);
      failures = 0;
      if (stopped) return end();
      listener.onConnected();
      later(beat, BEAT_MS);
    } catch (error) {
      if (end !== undefined) return end(error as Error);
      if (!stopped) listener.onLost(toStoreError(error));
      again();
    }
  }

  void listen();
  return () => {
    stopped = true;
    clearTimeout(timer);
    end?.();
  };
}

function ignored(): void {
  // The statement that runs rejects as well.
}

function queryOf(client: pg.PoolClient): Query {
  return async (text, values) => {
    // Without parameters several statements may be one message. Their rows are of no interest then.
    const result: unknown = await (values === undefined ? client.query(text) : client.query(text, [...values]));
    return Array.isArray(result) ? [] : (result as pg.QueryResult<{ [name: string]: string | null }>).rows;
  };
}
