import {
  controlKey,
  forgottenAt,
  HISTORY_LENGTH,
  nextChange,
  PROCESS_MS,
  stands,
  type ControlChange,
  type Push,
  type Store,
  type SyncCursor,
} from '@flyball/core/store';
import type { Connection, Query } from './connection.ts';
import { emptied } from './errors.ts';
import { change as text, rowOf } from './rows.ts';
import { FOR_GOOD, nowSql } from './transaction.ts';

type Changes = Pick<Store, 'control' | 'setAll' | 'history' | 'sync' | 'processes'>;

/** A cooldown that has started; or `lifted`, one that has ended early, or a limit that was reset. */
export interface Started {
  readonly key: string;
  readonly until: number;
  readonly lifted: boolean;
}

/**
 * The next numbers of the sequence. INVARIANT: taken by updating the one row of `meta`, which is locked until the end
 * of the transaction: numbers have no gaps, and are seen in the order in which they are given out.
 */
async function nextEpoch(query: Query, schema: string, count: number, isControl: boolean): Promise<number> {
  const [meta] = await query(
    `update ${schema}.meta set epoch = epoch + $1, control_epoch = case when $2 then epoch + $1 else control_epoch end
     returning epoch::text`,
    [count, isControl],
  );
  if (meta === undefined) throw emptied('meta');
  return Number(meta['epoch']);
}

/**
 * True where controls are missing. INVARIANT: the control that was changed last is in the table for as long as `meta`
 * knows of it, so that a table which somebody has emptied is told from one in which nothing stands.
 */
const controlsGone = (schema: string): string =>
  `(control_epoch > 0 and not exists (select 1 from ${schema}.controls where epoch = control_epoch))`;

/** The changes that follow are one after the other: nobody else makes one meanwhile. */
async function lockMeta(query: Query, schema: string): Promise<void> {
  const [locked] = await query(`select 1 from ${schema}.meta for update`);
  if (locked === undefined) throw emptied('meta');
  // In a statement of its own: it sees the controls of those whose lock was waited for.
  const [gone] = await query(`select 1 from ${schema}.meta where ${controlsGone(schema)}`);
  if (gone !== undefined) throw emptied('controls');
}

/**
 * A sign, not the change: what a notification may carry is short, and a reader has to ask for what it missed anyway.
 */
async function sign(query: Query, channel: string, epoch: number): Promise<void> {
  await query('select pg_notify($1, $2)', [channel, String(epoch)]);
}

/** What every process has to hear of its waits. */
export async function announce(
  query: Query,
  schema: string,
  channel: string,
  started: readonly Started[],
): Promise<void> {
  const last = await nextEpoch(query, schema, started.length, false);
  for (const [i, { key, until, lifted }] of started.entries()) {
    await query(
      `insert into ${schema}.cooling (h, key, until, epoch, lifted) values ($1, $2, $3, $4, $5)
       on conflict (h) do update set until = excluded.until, epoch = excluded.epoch, lifted = excluded.lifted`,
      [rowOf('cooling', key), key, Math.min(until, FOR_GOOD), last - started.length + 1 + i, lifted],
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

  /** A process that says where it is, in the same statement. */
  async function read(query: Query, since: SyncCursor | undefined, process: string | undefined) {
    const rows = await query(
      `with here as (
         insert into ${schema}.processes (process, epoch, seen)
         select $4::text, case when $1::text = incarnation and $2::bigint <= epoch then $2 else 0 end, ${nowSql(3)}
         from ${schema}.meta where $4 is not null
         on conflict (process) do update set epoch = excluded.epoch, seen = excluded.seen
       ), w as (
         select *, ${controlsGone(schema)} as gone, ${nowSql(3)} as now, ($1::text is distinct from incarnation or $2::bigint > epoch) as whole
         -- Told that there is one row, the planner reads by the index; else it prepares for millions.
         from ${schema}.meta limit 1
       ), m as (
         select *, case when whole then -1 else $2 end as known from w
       )
       select 'meta' as what, incarnation as key, epoch::text as data, now::text as number, whole::text as whole,
         (whole or control_epoch > $2)::text as controls, gone::text as gone from m
       union all select 'control', h, change, null, null, null, null from m, ${schema}.controls c where c.epoch > known
       union all select 'cooldown', key, (case when lifted then 0 else until - now end)::text, null, null, null, null
         from m, ${schema}.cooling c where c.epoch > known and c.until > m.now and not (whole and lifted)`,
      [since?.incarnation ?? null, since?.epoch ?? 0, given(), process ?? null],
    );
    const of = (what: string) => rows.filter((row) => row['what'] === what);
    const [meta] = of('meta');
    if (meta === undefined) throw emptied('meta');
    if (meta['gone'] === 'true') throw emptied('controls');
    const now = Number(meta['number']);
    const changed = of('control').map(({ data }) => text.read(data!));
    const full = meta['whole'] === 'true';
    return {
      incarnation: meta['key']!,
      epoch: Number(meta['data']),
      now,
      full,
      ...(full && { controls: changed.filter((one) => stands(one, now)).map(({ control }) => control) }),
      ...(!full && meta['controls'] === 'true' && { changes: changed }),
      cooldowns: of('cooldown').map(({ key, data }) => ({ key: key!, retryAfterMs: Number(data) })),
    };
  }

  /**
   * Gives changes their places in the sequence and keeps them, whatever their number in one statement. Later ones of
   * one control stand.
   */
  async function record(
    query: Query,
    next: readonly (readonly [request: string, change: Omit<ControlChange, 'epoch'>])[],
  ): Promise<readonly ControlChange[]> {
    if (next.length === 0) return [];
    const last = await nextEpoch(query, schema, next.length, true);
    const changed = next.map(([, one], i): ControlChange => ({ epoch: last - next.length + 1 + i, ...one }));
    const standing = new Map(
      changed.map((one) => [rowOf('control', controlKey(one.control.kind, one.control.scope)), one]),
    );
    const latest = [...standing.values()];
    await query(
      `with c as (
         insert into ${schema}.controls (h, change, forget_at, epoch)
         select * from unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[])
         on conflict (h) do update
         set change = excluded.change, forget_at = excluded.forget_at, epoch = excluded.epoch
       ), gone as (
         delete from ${schema}.history
         where epoch <= (select epoch from ${schema}.history order by epoch desc offset $8 limit 1)
       )
       insert into ${schema}.history (epoch, request, change) select * from unnest($5::bigint[], $6::text[], $7::text[])`,
      [
        [...standing.keys()],
        latest.map((one) => text.write(one)),
        latest.map((one) => Math.min(forgottenAt(one), FOR_GOOD)),
        latest.map(({ epoch }) => epoch),
        changed.map(({ epoch }) => epoch),
        next.map(([request]) => rowOf('request', request)),
        changed.map((one) => text.write(one)),
        Math.max(0, HISTORY_LENGTH - next.length),
      ],
    );
    await sign(query, channel, last);
    return changed.map((one) => text.read(text.write(one)));
  }

  return {
    control: (request) =>
      connection.transaction(async (query) => {
        const { kind, scope, id } = request.op === 'lift' ? request : request.control;
        const row = rowOf('control', controlKey(kind, scope));
        await lockMeta(query, schema);
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
        const [changed] = await record(query, [[id, next]]);
        return changed;
      }),

    setAll: (controls, forMs) =>
      connection.transaction(async (query) => {
        await lockMeta(query, schema);
        const requests = controls.map(({ id }) => rowOf('request', id));
        const found = await query(
          `select null as request, ${nowSql(2)}::text as data
           union all select request, change from ${schema}.history where request = any($1::text[])`,
          [requests, given()],
        );
        const now = Number(found.find(({ request }) => request === null)!['data']);
        const made = new Map(found.map(({ request, data }) => [request, data!]));
        const fresh = controls.filter((_, i) => !made.has(requests[i]));
        const more = forMs === undefined ? {} : { forMs };
        const changed = await record(
          query,
          fresh.map((control) => [control.id, nextChange({ op: 'set', control, ...more }, undefined, now)!]),
        );
        const answers = new Map(changed.map((one) => [one.control.id, one]));
        return controls.map(({ id }, i) => answers.get(id) ?? text.read(made.get(requests[i])!));
      }),

    async history(limit) {
      const rows = await connection.query(`select change from ${schema}.history order by epoch desc limit $1`, [limit]);
      return rows.map(({ change }) => text.read(change!));
    },

    async sync(since, process) {
      const answer = await connection.run((query) => read(query, since, process));
      // Somebody knows more changes than there are: this is an older copy of what it was. From now on it is another
      // one, for everybody.
      if (since === undefined || since.incarnation !== answer.incarnation || since.epoch <= answer.epoch) return answer;
      await connection.query(
        `update ${schema}.meta set incarnation = gen_random_uuid()::text where incarnation = $1 and epoch < $2`,
        [since.incarnation, since.epoch],
      );
      return connection.run((query) => read(query, since, process));
    },

    async processes(leaving) {
      if (leaving !== undefined)
        await connection.query(`delete from ${schema}.processes where process = $1`, [leaving]);
      const rows = await connection.query(
        `select process, epoch::text, greatest(0, ${nowSql(1)} - seen)::text as ago from ${schema}.processes
         where seen >= ${nowSql(1)} - $2::bigint order by process`,
        [given(), PROCESS_MS],
      );
      return rows.map(({ process, epoch, ago }) => ({ process: process!, epoch: Number(epoch), agoMs: Number(ago) }));
    },
  };
}

/** Where the sequence of changes is. */
export async function place(query: Query, schema: string): Promise<SyncCursor> {
  const [meta] = await query(`select incarnation, epoch::text from ${schema}.meta`);
  if (meta === undefined) throw emptied('meta');
  return { incarnation: meta['incarnation']!, epoch: Number(meta['epoch']) };
}

/**
 * What came after an epoch, in order, as far as it still matters. Nothing where the sequence is another one by now:
 * its numbers say nothing of what is missing.
 */
export async function changesSince(
  query: Query,
  schema: string,
  { incarnation, epoch }: SyncCursor,
  testClock: (() => number) | undefined,
): Promise<readonly Exclude<Push, { kind: 'connected' | 'lost' }>[] | undefined> {
  const found = await query(
    `select 'meta' as what, epoch::text, incarnation as key, null as data from ${schema}.meta
     union all select 'change', epoch::text, null, change from ${schema}.history where epoch > $1
     union all select 'change', epoch::text, key, (case when lifted then 0 else until - ${nowSql(2)} end)::text from ${schema}.cooling
       where epoch > $1 and until > ${nowSql(2)}`,
    [epoch, testClock?.() ?? null],
  );
  const [meta] = found.filter(({ what }) => what === 'meta');
  if (meta?.['key'] !== incarnation) return undefined;
  return found
    .filter(({ what }) => what === 'change')
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
  const newest = `and epoch < (select control_epoch from ${schema}.meta)`;
  for (const [table, column, but] of [
    ['state', 'forget_at', ''],
    ['ids', 'forget_at', ''],
    ['controls', 'forget_at', newest],
    ['cooling', 'until', ''],
  ] as const) {
    await query(
      `delete from ${schema}.${table} where h in
         (select h from ${schema}.${table} where ${column} <= ${nowSql(1)} ${but} limit 5000 for update skip locked)`,
      [now],
    );
  }
  await query(`delete from ${schema}.processes where seen < ${nowSql(1)} - $2::bigint`, [now, PROCESS_MS]);
}
