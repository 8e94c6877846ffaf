import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { entriesOf, parseVerifier, verifyLog } from '@flyball/audit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPostgresSink, exportPostgresLogs } from '../src/index.ts';
import { dropSchema, freshSchema, sharedPostgres, withClient } from './databases.ts';

// Columns stand beside the records, and no commitment covers them.

const url = await sharedPostgres();
let made = 0;
const record = () => ({ schemaVersion: 1, auditId: `aud_filed_${++made}`, at: 1_790_000_000_000 });

describe.skipIf(url === undefined)('columns of records in Postgres (skipped when none answers)', () => {
  let schema: string;
  let folder: string;
  beforeEach(() => {
    schema = freshSchema();
    folder = mkdtempSync(join(tmpdir(), 'flyball-postgres-'));
  });
  afterEach(async () => {
    rmSync(folder, { recursive: true });
    await dropSchema(url!, schema);
  });

  it.each([
    ['id', "audit_id = 'aud_another'"],
    ['kind', "kind = 'decision'"],
    ['time', 'at = at + 1'],
    ['tenant', "tenant = 'globex'"],
    ['user', 'user_id = null'],
    ['outcome', "outcome = 'ALLOW'"],
    ['rule', "rule = 'r'"],
    ['interaction', "interaction = 'int_1'"],
  ])('A3: a record that stands under another %s is told by the export, which verifies', async (_, change) => {
    const sink = createPostgresSink({ url: url!, schema });
    // Names that a column has in another way, and what was shredded, are as they should be.
    const scopes = [{ tenant: 'acme', user: 'ada' }, { tenant: 'a\u0000b', user: 'x'.repeat(999) }, { tenant: 'gone' }];
    for (const scope of scopes) {
      const told = { kind: 'subject', change: 'lifted', cause: '', who: 'ops', why: 'drill' };
      await sink.accept({ ...record(), ...told, scope } as never);
    }
    await sink.shred({ tenant: 'gone' }, { who: 'ops', why: 'erasure' });
    await sink.close();
    const exported = async (name: string) => {
      const [one] = await exportPostgresLogs({ url: url!, schema, folder: join(folder, name) });
      const entries = entriesOf(readFileSync(join(one!.folder, 'entries.jsonl')));
      const signed = readFileSync(join(one!.folder, 'checkpoint'));
      return [one!.misfiled, verifyLog(entries, signed, parseVerifier(sink.vkey)).ok];
    };
    expect(await exported('before')).toEqual([undefined, true]);
    const where = "body like '%acme%' and kind = 'subject'";
    const seq = await withClient(url!, async (client) => {
      const { rows } = await client.query<{ seq: string }>(`select seq from ${schema}.record where ${where}`);
      await client.query(`update ${schema}.record set ${change} where ${where}`);
      return Number(rows[0]!.seq);
    });
    expect(await exported('after')).toEqual([seq, true]);
  });
});
