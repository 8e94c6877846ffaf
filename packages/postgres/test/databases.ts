import pg from 'pg';

const SHARED_URL = process.env['DATABASE_URL'] ?? 'postgres://postgres@127.0.0.1:5432/test';

/** The Postgres that answers already, for tests that only need one; every test takes a schema of its own. */
export async function sharedPostgres(): Promise<string | undefined> {
  try {
    await withClient(SHARED_URL, (client) => client.query('select 1'));
    return SHARED_URL;
  } catch {
    return undefined;
  }
}

export async function withClient<T>(url: string, body: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2000 });
  await client.connect();
  try {
    return await body(client);
  } finally {
    await client.end();
  }
}

let schemas = 0;

export function freshSchema(): string {
  return `flyball_test_${process.pid}_${Date.now().toString(36)}_${schemas++}`;
}

export async function dropSchema(url: string, schema: string): Promise<void> {
  await withClient(url, (client) => client.query(`drop schema if exists ${schema} cascade`));
}

const TABLES = ['state', 'ids', 'cooling', 'controls', 'history', 'meta'];

/** Keeps every row, and answers how to put them back: what a database does that is restored from its last copy. */
export async function snapshotTables(url: string, schema: string): Promise<() => Promise<void>> {
  await withClient(url, async (client) => {
    for (const table of TABLES) await client.query(`create table ${schema}.old_${table} as table ${schema}.${table}`);
  });
  return () =>
    withClient(url, async (client) => {
      await client.query('begin');
      for (const table of TABLES) {
        await client.query(`delete from ${schema}.${table}`);
        await client.query(`insert into ${schema}.${table} table ${schema}.old_${table}`);
      }
      await client.query('commit');
    });
}
