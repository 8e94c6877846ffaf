import { createWriteStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { columnsOf, entryLine, joinNotes, type LogEntry } from '@flyball/audit';
import pg from 'pg';
import { columnText, columnTextOrNull } from './text.ts';

export interface PostgresExportOptions {
  readonly url: string;
  /** Default `flyball_audit`. */
  readonly schema?: string;
  /** A new folder: each log gets one of its own in it. */
  readonly folder: string;
  /** Only this log. Default: all of the schema. */
  readonly log?: string;
}

export interface ExportedLog {
  readonly log: string;
  readonly vkey: string;
  readonly folder: string;
  readonly records: number;
  /**
   * The first record that stands in the tables under another id, kind, time or name than its body says. Whoever
   * searches or shreds goes by these, and no checkpoint sees them.
   */
  readonly misfiled?: number;
}

const PAGE = 5000;

/**
 * Writes logs in the form that anyone can verify: `flyball verify <folder> --key <vkey>`, and `explain`, `replay`,
 * `backtest` and `report` read it too.
 *
 *     await exportPostgresLogs({ url, folder: 'evidence-2026-11' });
 */
export async function exportPostgresLogs(options: PostgresExportOptions): Promise<readonly ExportedLog[]> {
  const { url, schema = 'flyball_audit', folder, log: only } = options;
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    // One moment for all of it: a log that grows meanwhile is exported as it was.
    await client.query('begin isolation level repeatable read, read only');
    const { rows } = await client.query<{ log: string; vkey: string }>(
      `select log, vkey from ${schema}.log where $1::text is null or log = $1 order by started_at, log`,
      [only ?? null],
    );
    const exported: ExportedLog[] = [];
    for (const { log, vkey } of rows) {
      const target = join(folder, log.replace(/[^\w.-]/g, '-'));
      await mkdir(target, { recursive: true });
      let records = 0;
      let misfiled: number | undefined;
      const lines = async function* (): AsyncGenerator<string> {
        for await (const row of rowsOf(client, schema, log)) {
          records++;
          if (misfiled === undefined && isMisfiled(row)) misfiled = Number(row.number);
          yield `${entryLine(entryOf(row))}\n`;
        }
      };
      await pipeline(lines, createWriteStream(join(target, 'entries.jsonl'), { flags: 'wx' }));
      const notes = await client.query<{ note: string }>(
        `select note from ${schema}.checkpoint where log = $1 order by size`,
        [log],
      );
      await writeFile(join(target, 'checkpoint'), joinNotes(notes.rows.map(({ note }) => note)));
      exported.push({ log, vkey, folder: target, records, ...(misfiled !== undefined && { misfiled }) });
    }
    return exported;
  } finally {
    await client.end();
  }
}

interface Row {
  readonly number: string;
  readonly commitment: Buffer;
  readonly salt: Buffer | null;
  readonly body: string | null;
  readonly at: string;
  readonly kind: string;
  readonly audit_id: string;
  readonly outcome: string | null;
  readonly tenant: string | null;
  readonly user_id: string | null;
  readonly rule: string | null;
  readonly interaction: string | null;
}

function entryOf({ number, commitment, salt, body }: Row): LogEntry {
  return salt === null || body === null ? { seq: Number(number), commitment } : { seq: Number(number), salt, body };
}

/** What was shredded has no body to compare. */
function isMisfiled({ body, ...filed }: Row): boolean {
  if (body === null) return false;
  try {
    const { at, kind, auditId, outcome, tenant, user, rule, interaction } = columnsOf(body);
    const said = [
      String(at),
      kind,
      columnText(auditId),
      outcome,
      ...[tenant, user, rule, interaction].map(columnTextOrNull),
    ];
    const there = [filed.at, filed.kind, filed.audit_id, filed.outcome, filed.tenant, filed.user_id, filed.rule];
    return [...there, filed.interaction].some((value, i) => value !== said[i]);
  } catch {
    // No record, which has no columns to compare.
    return true;
  }
}

async function* rowsOf(client: pg.Client, schema: string, log: string): AsyncGenerator<Row> {
  for (let last = -1; ;) {
    const { rows } = await client.query<Row>(
      `select seq::text as number, commitment, salt, body, at::text as at, kind, audit_id, outcome, tenant, user_id, rule, interaction
       from ${schema}.record where log = $1 and seq > $2 order by seq limit ${PAGE}`,
      [log, last],
    );
    yield* rows;
    if (rows.length < PAGE) return;
    last = Number(rows.at(-1)!.number);
  }
}
