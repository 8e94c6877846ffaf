import type { By, Removed } from '@flyball/audit';
import type { Connection } from '../connection.ts';

/** Whose records, and of what time: what is absent covers everything. */
export interface Selection {
  readonly tenant?: string;
  readonly user?: string;
  /** Milliseconds since the epoch: records before it. */
  readonly before?: number;
}

interface OfLog {
  readonly log: string;
  readonly count: number;
  readonly ranges: readonly (readonly [from: number, to: number])[];
}

/**
 * Takes the bodies of a selection away. Their commitments stay, so the trees still hold; what a hold covers stays too. The rows' old
 * versions are gone when the server has vacuumed.
 */
export async function removeBodies(
  connection: Connection,
  schema: string,
  { tenant, user, before }: Selection,
): Promise<Removed & { readonly logs: readonly OfLog[] }> {
  const chosen = `kind in ('decision', 'opened', 'subject') and body is not null and ($1::text is null or tenant = $1)
    and ($2::text is null or user_id = $2) and ($3::bigint is null or at < $3)`;
  const isHeld = `exists (select 1 from ${schema}.hold h
    where (h.tenant is null or h.tenant = r.tenant) and (h.user_id is null or h.user_id = r.user_id))`;
  const values = [tenant ?? null, user ?? null, before ?? null];
  const [held] = await connection.query(
    `select count(*)::text as held from ${schema}.record r where ${chosen} and ${isHeld}`,
    values,
  );
  const gone = await connection.query(
    `update ${schema}.record r set body = null, salt = null, tenant = null, user_id = null, interaction = null
     where ${chosen} and not ${isHeld} returning log, seq::text as seq`,
    values,
  );
  const byLog = Map.groupBy(gone, ({ log }) => log!);
  const logs = [...byLog].map(([log, rows]) => {
    const ranges = rangesOf(rows.map(({ seq }) => Number(seq)).sort((a, b) => a - b));
    return { log, count: rows.length, ranges };
  });
  return { removed: gone.length, held: Number(held!['held']), ranges: logs.flatMap(({ ranges }) => ranges), logs };
}

export async function hold(
  connection: Connection,
  schema: string,
  scope: { readonly tenant?: string; readonly user?: string },
  { who, why }: By,
): Promise<void> {
  await connection.query(`insert into ${schema}.hold (tenant, user_id, who, why, at) values ($1, $2, $3, $4, $5)`, [
    ...[scope.tenant ?? null, scope.user ?? null, who, why, Date.now()],
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
    [scope.tenant ?? null, scope.user ?? null],
  );
  return lifted.length;
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
