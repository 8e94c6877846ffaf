import {
  controlKey,
  forgottenAt,
  HISTORY_LENGTH,
  nextChange,
  stands,
  type ControlChange,
  type Push,
  type Store,
  type SyncCursor,
} from '@flyball/core/store';
import type { Connection, Query } from './connection.ts';
import { change as text, rowOf } from './rows.ts';
import { FOR_GOOD, nowSql } from './transaction.ts';

type Changes = Pick<Store, 'control' | 'history' | 'sync'>;

export interface Started {
  readonly key: string;
  readonly until: number;
}

/**
 * The next numbers of the sequence. INVARIANT: taken by updating the one row of `meta`, which is locked until the end of the transaction:
 * numbers have no gaps, and are seen in the order in which they are given out.
 */
async function nextEpoch(query: Query, schema: string, count: number, isControl: boolean): Promise<number> {
  const [meta] = await query(
    `update ${schema}.meta set epoch = epoch + $1, control_epoch = case when $2 then epoch + $1 else control_epoch end
     returning epoch::text`,
    [count, isControl],
  );
  return Number(meta!['epoch']);
}

/** A sign, not the change: what a notification may carry is short, and a reader has to ask for what it missed anyway. */
async function sign(query: Query, channel: string, epoch: number): Promise<void> {
  await query('select pg_notify($1, $2)', [channel, String(epoch)]);
}

/** Cooldowns that have started. */
export async function announce(
  query: Query,
  schema: string,
  channel: string,
  started: readonly Started[],
): Promise<void> {
  const last = await nextEpoch(query, schema, started.length, false);
  for (const [i, { key, until }] of started.entries()) {
    await query(
      `insert into ${schema}.cooling (h, key, until, epoch) values ($1, $2, $3, $4)
       on conflict (h) do update set until = excluded.until, epoch = excluded.epoch`,
      [rowOf('cooling', key), key, until, last - started.length + 1 + i],
    );
  }
  await sign(query, channel, last);
}

export function createChanges(
  connection: Connection,
  schema: string,
  channel: string,
  testClock: (() => number) | undefined,
): Changes {
  const given = (): number | null => testClock?.() ?? null;

  async function read(since: SyncCursor | undefined) {
    const rows = await connection.query(
      `with m as (
         select *, ${nowSql(3)} as now, ($1::text is distinct from incarnation or $2::bigint > epoch) as whole
         from ${schema}.meta
       )
       select 'meta' as what, incarnation as key, epoch::text as data, now::text as number, whole::text as whole,
         (whole or control_epoch > $2)::text as controls from m
       union all select 'control', h, change, null, null, null from ${schema}.controls, m where whole or control_epoch > $2
       union all select 'cooldown', key, (until - now)::text, null, null, null
         from ${schema}.cooling c, m where c.until > m.now and (whole or c.epoch > $2)`,
      [since?.incarnation ?? null, since?.epoch ?? 0, given()],
    );
    const of = (what: string) => rows.filter((row) => row['what'] === what);
    const meta = of('meta')[0]!;
    const now = Number(meta['number']);
    const controls = of('control')
      .map(({ data }) => text.read(data!))
      .filter((one) => stands(one, now))
      .map(({ control }) => control);
    return {
      incarnation: meta['key']!,
      epoch: Number(meta['data']),
      now,
      full: meta['whole'] === 'true',
      ...(meta['controls'] === 'true' ? { controls } : {}),
      cooldowns: of('cooldown').map(({ key, data }) => ({ key: key!, retryAfterMs: Number(data) })),
    };
  }

  return {
    control: (request) =>
      connection.transaction(async (query) => {
        const { kind, scope, id } = request.op === 'lift' ? request : request.control;
        const row = rowOf('control', controlKey(kind, scope));
        await query(`select 1 from ${schema}.meta for update`);
        const found = await query(
          `select 'now' as what, ${nowSql(3)}::text as data
           union all select 'made', change from ${schema}.history where request = $1
           union all select 'slot', change from ${schema}.controls where h = $2`,
          [rowOf('request', id), row, given()],
        );
        const of = (what: string): string | undefined =>
          found.find((one) => one['what'] === what)?.['data'] ?? undefined;
        const made = of('made');
        if (made !== undefined) return text.read(made);
        const now = Number(of('now'));
        const slot = of('slot') === undefined ? undefined : text.read(of('slot')!);
        const next = nextChange(request, slot !== undefined && forgottenAt(slot) > now ? slot : undefined, now);
        if (next === undefined) return undefined;
        const changed: ControlChange = { epoch: await nextEpoch(query, schema, 1, true), ...next };
        await query(
          `with c as (
             insert into ${schema}.controls (h, change, forget_at) values ($1, $2, $3)
             on conflict (h) do update set change = excluded.change, forget_at = excluded.forget_at
           ), gone as (
             delete from ${schema}.history
             where epoch <= (select epoch from ${schema}.history order by epoch desc offset $6 limit 1)
           )
           insert into ${schema}.history (epoch, request, change) values ($4, $5, $2)`,
          [
            ...[row, text.write(changed), Math.min(forgottenAt(changed), FOR_GOOD)],
            ...[changed.epoch, rowOf('request', id), HISTORY_LENGTH - 1],
          ],
        );
        await sign(query, channel, changed.epoch);
        return text.read(text.write(changed));
      }),

    async history(limit) {
      const rows = await connection.query(`select change from ${schema}.history order by epoch desc limit $1`, [limit]);
      return rows.map(({ change }) => text.read(change!));
    },

    async sync(since) {
      const answer = await read(since);
      // Somebody knows more changes than there are: this is an older copy of what it was. From now on it is another one, for everybody.
      if (since === undefined || since.incarnation !== answer.incarnation || since.epoch <= answer.epoch) return answer;
      await connection.query(
        `update ${schema}.meta set incarnation = gen_random_uuid()::text where incarnation = $1 and epoch < $2`,
        [since.incarnation, since.epoch],
      );
      return read(since);
    },
  };
}

/** What came after an epoch, in order, as far as it still matters. */
export async function changesSince(
  query: Query,
  schema: string,
  epoch: number,
  testClock: (() => number) | undefined,
): Promise<readonly Exclude<Push, { kind: 'connected' | 'lost' }>[]> {
  const rows = await query(
    `select epoch::text, null as key, change as data from ${schema}.history where epoch > $1
     union all select epoch::text, key, (until - ${nowSql(2)})::text from ${schema}.cooling
       where epoch > $1 and until > ${nowSql(2)}`,
    [epoch, testClock?.() ?? null],
  );
  return rows
    .map(({ epoch: at, key, data }) =>
      key === null || key === undefined
        ? ({ kind: 'control', change: text.read(data!), epoch: Number(at) } as const)
        : ({ kind: 'cooldown', epoch: Number(at), key, retryAfterMs: Number(data) } as const),
    )
    .toSorted((a, b) => a.epoch - b.epoch)
    .map((push) => (push.kind === 'control' ? { kind: push.kind, change: push.change } : push));
}

/** Removes what can matter to nothing that may still come. */
export async function sweep(query: Query, schema: string, now: number | null): Promise<void> {
  for (const [table, column] of [
    ['state', 'forget_at'],
    ['ids', 'forget_at'],
    ['controls', 'forget_at'],
    ['cooling', 'until'],
  ] as const) {
    await query(
      `delete from ${schema}.${table} where h in
         (select h from ${schema}.${table} where ${column} <= ${nowSql(1)} limit 5000 for update skip locked)`,
      [now],
    );
  }
}
