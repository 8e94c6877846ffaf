import type { Query } from './connection.ts';

/** A row of the ids of sums. */
export interface IdRow {
  readonly reserved: string;
  readonly generation: number;
}

/** The rows that one call is about: locked, read once, changed in memory, and written in one statement. */
export interface Rows {
  /** The server's clock in milliseconds, read after the rows were locked. */
  readonly now: number;
  /** What is in a row, unless its time has come. What the call itself has written counts. */
  read<T>(row: string, decode: (text: string) => T): T | undefined;
  /** A row is kept at least until `forgetAt`, and never for a shorter while than before. */
  write(row: string, text: string, forgetAt: number): void;
  id(row: string): IdRow | undefined;
  writeId(row: string, value: IdRow, forgetAt: number): void;
  deleteId(row: string): void;
  save(query: Query): Promise<void>;
}

/** A millisecond past which nothing is kept: `bigint` ends later, exact numbers do not. */
export const FOR_GOOD = 9_000_000_000_000_000;

/** The clock's value in SQL. Tests give one of their own as the parameter of that number. */
export const nowSql = (parameter: number): string =>
  `coalesce($${parameter}::bigint, floor(extract(epoch from clock_timestamp()) * 1000)::bigint)`;

interface Kept {
  text: string;
  forgetAt: number;
}

/**
 * Advisory locks, because most rows do not exist yet. In the order of their numbers, so that two calls never wait for
 * each other. Names of rows are digests, of letters, digits, `-` and `_` only.
 */
export function lockRows(schema: string, rows: readonly string[]): string {
  const names = rows.map((row) => `'${row}'`).join(', ');
  return `select pg_advisory_xact_lock(n) from
    (select distinct hashtextextended('${schema} ' || row, 0) as n from unnest(array[${names}]::text[]) row order by n) as locks`;
}

/** Reads rows that are locked, in a statement of its own: it sees what the holder before has committed. */
export async function openRows(
  query: Query,
  schema: string,
  rows: readonly string[],
  ids: readonly string[],
  testClock?: () => number,
): Promise<Rows> {
  const found = await query(
    `select 'now' as what, '' as h, ${nowSql(3)}::text as data, null as forget_at, null as generation
     union all select 'row', h, data, forget_at::text, null from ${schema}.state where h = any($1::text[])
     union all select 'id', h, reserved, forget_at::text, generation::text from ${schema}.ids where h = any($2::text[])`,
    [rows, ids, testClock?.() ?? null],
  );
  const now = Number(found.find(({ what }) => what === 'now')!['data']);
  const kept = new Map<string, Kept>();
  const keptIds = new Map<string, IdRow & { readonly forgetAt: number }>();
  for (const { what, h, data, forget_at: until, generation } of found) {
    const forgetAt = Number(until);
    if (what === 'now' || forgetAt <= now) continue;
    if (what === 'row') kept.set(h!, { text: data!, forgetAt });
    else keptIds.set(h!, { reserved: data!, generation: Number(generation), forgetAt });
  }
  const changed = new Set<string>();
  const changedIds = new Set<string>();

  return {
    now,
    read(row, decode) {
      const one = kept.get(row);
      return one === undefined ? undefined : decode(one.text);
    },
    write(row, text, forgetAt) {
      kept.set(row, { text, forgetAt: Math.max(forgetAt, kept.get(row)?.forgetAt ?? 0) });
      changed.add(row);
    },
    id: (row) => keptIds.get(row),
    writeId(row, value, forgetAt) {
      keptIds.set(row, { ...value, forgetAt });
      changedIds.add(row);
    },
    deleteId(row) {
      if (keptIds.delete(row)) changedIds.add(row);
    },
    async save(ask) {
      if (changed.size === 0 && changedIds.size === 0) return;
      const states = [...changed].map((row) => [row, kept.get(row)!] as const);
      const stay = [...changedIds].flatMap((row) => (keptIds.has(row) ? [[row, keptIds.get(row)!] as const] : []));
      const go = [...changedIds].filter((row) => !keptIds.has(row));
      await ask(
        `with s as (
           insert into ${schema}.state (h, data, forget_at) select * from unnest($1::text[], $2::text[], $3::bigint[])
           on conflict (h) do update set data = excluded.data, forget_at = excluded.forget_at
         ), i as (
           insert into ${schema}.ids (h, reserved, generation, forget_at)
           select * from unnest($4::text[], $5::text[], $6::bigint[], $7::bigint[])
           on conflict (h) do update
           set reserved = excluded.reserved, generation = excluded.generation, forget_at = excluded.forget_at
         )
         delete from ${schema}.ids where h = any($8::text[])`,
        [
          states.map(([row]) => row),
          states.map(([, { text }]) => text),
          states.map(([, { forgetAt }]) => Math.min(forgetAt, FOR_GOOD)),
          stay.map(([row]) => row),
          stay.map(([, one]) => one.reserved),
          stay.map(([, one]) => one.generation),
          stay.map(([, one]) => Math.min(one.forgetAt, FOR_GOOD)),
          go,
        ],
      );
    },
  };
}
