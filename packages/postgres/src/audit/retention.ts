import type { By, OfSubject } from '@flyball/audit';
import type { Connection } from '../connection.ts';
import { columnText, columnTextOrNull } from './text.ts';

/** Whose records, and of what time: what is absent covers everything. */
export interface Selection extends OfSubject {
  /** Milliseconds since the epoch: records before it. */
  readonly before?: number;
}

const REMOVABLE = "kind in ('decision', 'opened', 'subject', 'sealed')";

interface OfLog {
  readonly log: string;
  readonly removed: number;
  /** Records that a hold kept. */
  readonly held: number;
  readonly ranges: readonly (readonly [from: number, to: number])[];
}

/**
 * Takes the bodies of a selection away. Their commitments stay, so the trees still hold; what a hold covers stays too.
 * The rows' old versions are gone when the server has vacuumed.
 */
export async function removeBodies(
  connection: Connection,
  schema: string,
  { tenant, user, before, sealed, keptIds = [] }: Selection,
): Promise<readonly OfLog[]> {
  const chosen = `${REMOVABLE} and body is not null and ($1::text is null or tenant = $1)
    and ($2::text is null or user_id = $2) and ($3::bigint is null or at < $3) and ($4::text[] is null or user_id = any($4))`;
  const kept = `(${isHeld(schema)} or coalesce(user_id = any($5::text[]), false))`;
  const values = [columnTextOrNull(tenant), columnTextOrNull(user), before ?? null, sealed ?? null, keptIds];
  const held = await connection.query(
    `select log, count(*)::text as held from ${schema}.record r where ${chosen} and ${kept} group by log`,
    values,
  );
  const gone = await connection.query(
    `update ${schema}.record r set body = null, salt = null, tenant = null, user_id = null, interaction = null
     where ${chosen} and not ${kept} returning log, seq::text as seq`,
    values,
  );
  return byLog(gone, held);
}

/** A sweep takes so many at once: enough to come to an end, few enough to keep no other statement waiting. */
const SWEEP_STEP = 2000;

/**
 * Takes away some bodies of the time from `from` to `before`, but for what a hold covers. Processes that sweep at the
 * same time share the work: what one of them has in hand the others leave out.
 */
export async function sweepBodies(
  connection: Connection,
  schema: string,
  { from, before }: { readonly from: number; readonly before: number },
): Promise<readonly OfLog[]> {
  const gone = await connection.query(
    `update ${schema}.record set body = null, salt = null, tenant = null, user_id = null, interaction = null
     where (log, seq, at) in (
       select log, seq, at from ${schema}.record r where ${REMOVABLE} and body is not null and at >= $1 and at < $2
         and not ${isHeld(schema)} limit ${SWEEP_STEP} for update skip locked)
     returning log, seq::text as seq`,
    [from, before],
  );
  return byLog(gone, []);
}

/** How many records of each log a hold keeps that would have to go. */
export async function heldBodies(
  connection: Connection,
  schema: string,
  { from, before }: { readonly from: number; readonly before: number },
): Promise<ReadonlyMap<string, number>> {
  const held = await connection.query(
    `select log, count(*)::text as held from ${schema}.record r
     where ${REMOVABLE} and body is not null and at >= $1 and at < $2 and ${isHeld(schema)} group by log`,
    [from, before],
  );
  return new Map(held.map((row) => [row['log']!, Number(row['held'])]));
}

/** Some records are sealed for their subjects: by name they are not found. */
export async function hasSealed(connection: Connection, schema: string): Promise<boolean> {
  const [found] = await connection.query(
    `select 1 as found from ${schema}.record where tenant is not null and tenant >= 'sub_' and tenant < 'sub\`' and kind = 'sealed' limit 1`,
    [],
  );
  return found !== undefined;
}

export async function hold(
  connection: Connection,
  schema: string,
  scope: { readonly tenant?: string; readonly user?: string },
  { who, why }: By,
): Promise<void> {
  await connection.query(`insert into ${schema}.hold (tenant, user_id, who, why, at) values ($1, $2, $3, $4, $5)`, [
    ...[columnTextOrNull(scope.tenant), columnTextOrNull(scope.user), columnText(who), columnText(why), Date.now()],
  ]);
}

/** Lifts the holds of exactly this scope; answers how many there were. */
export async function release(
  connection: Connection,
  schema: string,
  scope: { readonly tenant?: string; readonly user?: string },
): Promise<number> {
  const lifted = await connection.query(
    `delete from ${schema}.hold where tenant is not distinct from $1 and user_id is not distinct from $2 returning id`,
    [columnTextOrNull(scope.tenant), columnTextOrNull(scope.user)],
  );
  return lifted.length;
}

const isHeld = (schema: string): string =>
  `exists (select 1 from ${schema}.hold h
    where (h.tenant is null or h.tenant = r.tenant) and (h.user_id is null or h.user_id = r.user_id))`;

type Row = { readonly [column: string]: string | null };

function byLog(gone: readonly Row[], held: readonly Row[]): readonly OfLog[] {
  const removed = Map.groupBy(gone, ({ log }) => log!);
  const kept = new Map(held.map((row) => [row['log']!, Number(row['held'])]));
  return [...new Set([...removed.keys(), ...kept.keys()])].map((log) => {
    const seqs = (removed.get(log) ?? []).map(({ seq }) => Number(seq)).sort((a, b) => a - b);
    return { log, removed: seqs.length, held: kept.get(log) ?? 0, ranges: rangesOf(seqs) };
  });
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
