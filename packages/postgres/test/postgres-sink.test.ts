import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createGovernor } from '@flyball/core';
import type { PolicyRecord } from '@flyball/core/evidence';
import { entriesOf, openSubjectKeys, parseVerifier, readExport, readSubjectKeys, verifyLog } from '@flyball/audit';
import { describeSink } from '@flyball/testing/sink-suite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPostgresSink, exportPostgresLogs, postgresAuditTables, type PostgresSink } from '../src/index.ts';
import { dropSchema, freshSchema, sharedPostgres, withClient } from './databases.ts';
import { proxyTo, type Proxy } from './proxy.ts';

const url = await sharedPostgres();
const QUIET = { onWarning: () => {} };

/** Bodies of all logs, in the order of their logs and numbers. */
const bodiesIn = (schema: string): Promise<readonly unknown[]> =>
  withClient(url!, async (client) => {
    const { rows: made } = await client.query<{ table: string | null }>('select to_regclass($1)::text as table', [
      `${schema}.hold`,
    ]);
    // Nothing was written yet.
    if (made[0]!.table === null) return [];
    const { rows } = await client.query<{ body: string | null }>(
      `select body from ${schema}.record join ${schema}.log using (log) order by started_at, log, seq`,
    );
    return rows.flatMap(({ body }) => (body === null ? [] : [JSON.parse(body) as unknown]));
  });

let made = 0;
const recordOf = (at = Date.now()): PolicyRecord => {
  const auditId = `aud_${++made}`;
  return { schemaVersion: 1, kind: 'policy', auditId, at, policyId: 'p', change: 'rejected' };
};

describe.skipIf(url === undefined)('on the Postgres at DATABASE_URL (skipped when none answers)', () => {
  describeSink(
    'postgres sink',
    async () => {
      const schema = freshSchema();
      const proxy = await proxyTo(url!);
      return {
        open: (settings) => createPostgresSink({ url: proxy.url, schema, timeoutMs: 3000, ...QUIET, ...settings }),
        records: () => bodiesIn(schema),
        async fail() {
          await proxy.cut();
          return () => proxy.open();
        },
        async close() {
          await proxy.close();
          await dropSchema(url!, schema);
        },
      };
    },
    { describe, it, expect },
  );

  describe('evidence in Postgres', () => {
    let schema: string;
    let folder: string;
    const open: (PostgresSink | Proxy)[] = [];
    beforeEach(() => {
      schema = freshSchema();
      folder = mkdtempSync(join(tmpdir(), 'flyball-postgres-'));
    });
    afterEach(async () => {
      for (const one of open.splice(0)) await one.close();
      rmSync(folder, { recursive: true });
      await dropSchema(url!, schema);
    });
    const sinkOf = (options: object = {}): PostgresSink => {
      const sink = createPostgresSink({ url: url!, schema, ...QUIET, ...options });
      open.push(sink);
      return sink;
    };

    it('loses only the record that the database refuses, and the log still verifies', async () => {
      const audit = sinkOf();
      await audit.flush();
      await withClient(url!, (client) =>
        client.query(`alter table ${schema}.record add constraint odd check (at <> 13)`),
      );
      const [before, odd, after] = [recordOf(), recordOf(13), recordOf()];
      const answers = [before, odd, after].map(async (record) => audit.accept(record, { durable: true }));
      expect((await Promise.allSettled(answers)).map(({ status }) => status)).toEqual([
        ...['fulfilled', 'rejected', 'fulfilled'],
      ]);
      await audit.close();
      const kept = await bodiesIn(schema);
      expect(kept.slice(1, -1)).toMatchObject([before, { kind: 'gap', lost: 1, refused: odd.auditId }, after]);
      const [exported] = await exportPostgresLogs({ url: url!, schema, folder: join(folder, 'export') });
      const entries = entriesOf(readFileSync(join(exported!.folder, 'entries.jsonl')));
      const signed = readFileSync(join(exported!.folder, 'checkpoint'));
      expect(verifyLog(entries, signed, parseVerifier(audit.vkey))).toMatchObject({ ok: true, size: kept.length });
    });

    it('one subject is unreadable in exports that were made before its key was forgotten, and they still verify', async () => {
      const keysFile = join(folder, 'subjects');
      const subjectKeys = await openSubjectKeys({ file: keysFile });
      const audit = sinkOf({ subjectKeys, key: '42'.repeat(32) });
      const governor = await createGovernor({ policy: { policy: 'p', version: 1, default: 'block' }, audit });
      for (const user of ['ada-lovelace', 'grace-hopper'])
        await governor.decide(governor.interaction({ tenant: 'acme', user }).event({ stage: 'input', content: 'x' }));
      await audit.flush();
      const before = join(folder, 'before');
      const [exported] = await exportPostgresLogs({ url: url!, schema, folder: before });
      expect(JSON.stringify(await bodiesIn(schema))).not.toMatch(/lovelace|hopper/);
      await audit.hold({ tenant: 'acme', user: 'ada-lovelace' }, { who: 'legal', why: 'case 7' });
      const by = { who: 'dpo', why: 'request 12' };
      expect(await audit.shred({ tenant: 'acme', user: 'ada-lovelace' }, by)).toMatchObject({ removed: 0, held: 1 });
      expect(await audit.release({ tenant: 'acme', user: 'ada-lovelace' }, by)).toBe(1);
      expect(await audit.shred({ tenant: 'acme', user: 'ada-lovelace' }, by)).toMatchObject({ removed: 1, held: 0 });
      const keys = readSubjectKeys(keysFile);
      const records = [...readExport(exported!.folder, { subjectKeys: keys }).records()].map(({ record }) => record);
      keys.close();
      expect(records.filter(({ kind }) => kind === 'sealed')).toHaveLength(1);
      expect(records.filter(({ kind }) => kind === 'decision')).toMatchObject([
        { event: { subject: { user: 'grace-hopper' } } },
      ]);
      await governor.close();
      await subjectKeys.close();
      const unkeyed = createPostgresSink({ url: url!, schema, ...QUIET });
      await expect(unkeyed.shred({ tenant: 'acme' }, by)).rejects.toMatchObject({ code: 'KEYS_MISSING' });
      await expect(unkeyed.hold({ tenant: 'acme' }, by)).rejects.toMatchObject({ code: 'KEYS_MISSING' });
      await expect(unkeyed.expire({ days: Number.NaN }, by)).rejects.toMatchObject({ code: 'OPTIONS_INVALID' });
      await unkeyed.close();
      const entries = entriesOf(readFileSync(join(exported!.folder, 'entries.jsonl')));
      expect(
        verifyLog(entries, readFileSync(join(exported!.folder, 'checkpoint')), parseVerifier(exported!.vkey)),
      ).toMatchObject({ shredded: 0 });
    });

    it('A3: two processes at once keep a log each; both are exported, and sound for both verifiers', async () => {
      const second = join(folder, 'elsewhere');
      const key = '42'.repeat(32);
      const sinks = [sinkOf({ key, checkpoints: { file: second } }), sinkOf({ key, checkpoints: { everyRecords: 7 } })];
      const policy = { policy: 'p', version: 1, default: 'block' } as const;
      await Promise.all(
        sinks.map(async (audit) => {
          const governor = await createGovernor({ policy, audit });
          for (let i = 0; i < 20; i++)
            await governor.decide(governor.interaction({ tenant: 't' }).event({ stage: 'input', content: 'x' }));
          await governor.close();
        }),
      );
      const exported = await exportPostgresLogs({ url: url!, schema, folder: join(folder, 'export') });
      expect(exported.map(({ log }) => log).sort()).toEqual(sinks.map(({ log }) => log).sort());
      for (const { folder: path, vkey, log } of exported) {
        const own = log === sinks[0]!.log ? second : join(path, 'checkpoint');
        const found = verifyLog(
          entriesOf(readFileSync(join(path, 'entries.jsonl'))),
          readFileSync(own),
          parseVerifier(vkey),
        );
        // Start, policy, decisions, end.
        expect(found).toEqual({ ok: true, size: 23, covered: 23, shredded: 0 });
        if (spawnSync('python3', ['--version']).status !== 0) continue;
        const script = join(import.meta.dirname, '../../../test/verify/verify.py');
        const said = execFileSync('python3', [script, path, '--key', vkey], { encoding: 'utf8' });
        expect(JSON.parse(said)).toEqual({ ok: true, size: 23, covered: 23, shredded: 0 });
      }
    });

    it('A3: what is changed in the tables is found', async () => {
      const sink = sinkOf({ checkpoints: { file: join(folder, 'elsewhere') } });
      for (let i = 0; i < 9; i++) await sink.accept(recordOf());
      await sink.close();
      await withClient(url!, (client) =>
        client.query(`update ${schema}.record set body = replace(body, 'rejected', 'loaded') where seq = 4`),
      );
      const [one] = await exportPostgresLogs({ url: url!, schema, folder: join(folder, 'export') });
      const entries = entriesOf(readFileSync(join(one!.folder, 'entries.jsonl')));
      const found = verifyLog(entries, readFileSync(join(folder, 'elsewhere')), parseVerifier(sink.vkey));
      expect(found).toMatchObject({ ok: false, problem: 'root: 11' });
    });

    it('records go to the table of their month, made by whoever comes first; others have a place too', async () => {
      const sinks = [sinkOf(), sinkOf()];
      const months = [Date.UTC(2026, 10, 30, 23, 59, 59, 999), Date.UTC(2026, 11, 1), Date.UTC(2027, 0, 31)];
      await Promise.all(
        sinks.flatMap((sink) => months.map(async (at) => sink.accept(recordOf(at), { durable: true }))),
      );
      const late = sinkOf({ migrate: false });
      await late.accept(recordOf(Date.UTC(2031, 5, 1)), { durable: true });
      const tables = await withClient(url!, (client) =>
        client.query<{ tableoid: string; n: string }>(
          `select tableoid::regclass::text as tableoid, count(*)::text as n from ${schema}.record where kind = 'policy' group by 1 order by 1`,
        ),
      );
      expect(tables.rows.map(({ tableoid, n }) => [tableoid.split('.')[1], n])).toEqual([
        ['record_2026_11', '2'],
        ['record_2026_12', '2'],
        ['record_2027_01', '2'],
        ['record_rest', '1'],
      ]);
    });

    it.each([
      ['this process finds out', {}, async () => {}],
      ['another process makes them again', {}, async () => sinkOf().flush()],
      [
        'somebody makes them again by hand',
        { migrate: false },
        () => withClient(url!, async (client) => void (await client.query(postgresAuditTables(schema)))),
      ],
    ] as const)(
      'A3: tables are dropped while a log is written, and %s: it is listed again, and what is lost is found',
      async (_who, options, made) => {
        await sinkOf().flush();
        const sink = sinkOf({ commitWindowMs: 5, ...options });
        const at = Date.UTC(2026, 10, 30);
        for (let i = 0; i < 3; i++) await sink.accept(recordOf(at), { durable: true });
        await withClient(url!, (client) => client.query(`drop schema ${schema} cascade`));
        await made();
        await expect
          .poll(
            () =>
              Promise.resolve(sink.accept(recordOf(at), { durable: true })).then(
                () => true,
                () => false,
              ),
            { timeout: 60_000 },
          )
          .toBe(true);
        await sink.close();
        const found = await exportPostgresLogs({ url: url!, schema, folder: join(folder, 'export') });
        const own = found.find(({ log }) => log === sink.log)!;
        const entries = entriesOf(readFileSync(join(own.folder, 'entries.jsonl')));
        const signed = readFileSync(join(own.folder, 'checkpoint'));
        expect(verifyLog(entries, signed, parseVerifier(own.vkey))).toMatchObject({ ok: false });
        if (_who !== 'this process finds out') return;
        // Its month as well.
        const { rows } = await withClient(url!, (client) =>
          client.query<{ n: string }>(`select count(*)::text as n from ${schema}.record_2026_11`),
        );
        expect(Number(rows[0]!.n)).toBeGreaterThan(0);
      },
    );

    it('A6: records of any text come back as they are, and what they are found by with them', async () => {
      const sink = sinkOf({ key: '42'.repeat(32) });
      const governor = await createGovernor({ policy: { policy: 'p', version: 1, default: 'block' }, audit: sink });
      const names = [
        'null',
        'NULL',
        '',
        ' ',
        '"',
        '\\',
        "'",
        '{a,b}',
        'a\nb',
        'a\r\nb',
        '\u2028',
        'ä \u{1f600}',
        '\u0000',
        'a\u0000b',
        '\ufffe0',
      ];
      for (const name of names) {
        const interaction = governor.interaction({ tenant: `t${name}`, ...(name !== '' && { user: name }) });
        await governor.decide(interaction.event({ stage: 'input', content: 'x', attributes: { name } }));
      }
      await sink.accept({ ...recordOf(), problems: names.map((message) => ({ message, path: message })) } as never, {
        durable: true,
      });
      const rows = await withClient(url!, (client) =>
        client.query<{ tenant: string; user_id: string | null; body: string }>(
          `select tenant, user_id, body from ${schema}.record where kind = 'decision' order by seq`,
        ),
      );
      const [one] = await exportPostgresLogs({ url: url!, schema, folder: join(folder, 'export') });
      const subjects = [...readExport(one!.folder).records()].flatMap(({ record }) =>
        record.kind === 'decision' ? [record.event.subject] : [],
      );
      expect(subjects).toEqual(names.map((name) => ({ tenant: `t${name}`, ...(name !== '' && { user: name }) })));
      // A database has no place for U+0000: it is written in another way, and found all the same.
      const written = (text: string): string =>
        text.replaceAll('\ufffe', '\ufffe\ufffe').replaceAll('\u0000', '\ufffe0');
      expect(rows.rows.map((row) => [row.tenant, row.user_id])).toEqual(
        names.map((name) => [written(`t${name}`), name === '' ? null : written(name)]),
      );
      const by = { who: 'dpo', why: 'of a\u0000b' };
      await sink.hold({ user: '\u0000' }, by);
      expect(await sink.shred({ tenant: 't\u0000', user: '\u0000' }, by)).toMatchObject({ removed: 0, held: 1 });
      expect(await sink.release({ user: '\u0000' }, by)).toBe(1);
      for (const user of ['\u0000', 'a\u0000b', '\ufffe0'])
        expect(await sink.shred({ tenant: `t${user}`, user }, by)).toMatchObject({ removed: 1, held: 0 });
      await governor.close();
    });

    it('takes one subject away from all logs, unless a hold keeps it, and the trees still hold', async () => {
      const first = sinkOf();
      const governor = await createGovernor({ policy: { policy: 'p', version: 1, default: 'block' }, audit: first });
      const second = sinkOf({ checkpoints: { everyRecords: 1 } });
      const other = await createGovernor({ policy: { policy: 'p', version: 1, default: 'block' }, audit: second });
      for (const user of ['ada', 'grace-hopper', 'ada'])
        for (const one of [governor, other])
          await one.decide(one.interaction({ tenant: 'acme', user }).event({ stage: 'input', content: 'x' }));
      await Promise.all([first.flush(), second.flush()]);
      const by = { who: 'dpo', why: 'request 12' };
      await first.hold({ tenant: 'acme', user: 'grace-hopper' }, { who: 'legal', why: 'case 7' });
      expect(await first.shred({ tenant: 'acme', user: 'grace-hopper' }, by)).toMatchObject({ removed: 0, held: 2 });
      expect(await second.release({ tenant: 'acme', user: 'grace-hopper' }, by)).toBe(1);
      expect(await first.shred({ tenant: 'acme', user: 'grace-hopper' }, by)).toMatchObject({ removed: 2, held: 0 });
      await governor.close();
      await other.close();
      expect(
        JSON.stringify((await bodiesIn(schema)).filter((body) => (body as { kind: string }).kind !== 'hold')),
      ).not.toContain('grace');
      for (const { folder: path, vkey } of await exportPostgresLogs({
        url: url!,
        schema,
        folder: join(folder, 'export'),
      })) {
        const found = verifyLog(
          entriesOf(readFileSync(join(path, 'entries.jsonl'))),
          readFileSync(join(path, 'checkpoint')),
          parseVerifier(vkey),
        );
        expect(found).toMatchObject({ ok: true, shredded: 1 });
      }
    });

    it('keeps the declared time by itself: in all logs, except what a hold keeps', async () => {
      const decided = (user: string) => {
        const decision = { outcome: 'BLOCK', interactionId: 'int_1', verdict: { ruleId: 'cap' } };
        const event = { subject: { tenant: 'acme', user } };
        const at = Date.now() - 2 * 86_400_000;
        return { kind: 'decision', auditId: `aud_old_${++made}`, at, decision, event } as never;
      };
      const first = sinkOf({ keepDays: Infinity });
      for (let i = 0; i < 2100; i++) void first.accept(decided(i % 1000 === 0 ? 'ada' : 'bob'));
      await first.hold({ user: 'ada' }, { who: 'legal', why: 'case 7' });
      const left = async (): Promise<number> =>
        (await bodiesIn(schema)).filter((body) => (body as { kind: string }).kind === 'decision').length;
      expect(await left()).toBe(2100);
      const second = sinkOf({ keepDays: 1 });
      await expect.poll(left, { timeout: 180_000 }).toBe(3);
      await second.close();
      const gone = (await bodiesIn(schema)).flatMap((body) => {
        const { kind, removed, held, why } = body as { kind: string; removed: number; held: number; why: string };
        return kind === 'shred' ? [[removed, held, why]] : [];
      });
      expect(gone).toEqual([
        [2000, 3, `older than 1 days (log ${first.log})`],
        [97, 0, `older than 1 days (log ${first.log})`],
      ]);
    });

    it('A1: a server that hangs keeps no decision waiting, and loses nothing', async () => {
      const proxy = await proxyTo(url!);
      open.push(proxy);
      const sink = sinkOf({ url: proxy.url, timeoutMs: 1500, commitWindowMs: 5 });
      // On a busy machine the first connection may take longer than that, too.
      const written = (): Promise<boolean> =>
        sink.flush().then(
          () => true,
          () => false,
        );
      await expect.poll(written, { timeout: 180_000 }).toBe(true);
      proxy.block();
      const ids: string[] = [];
      const governor = await createGovernor({ policy: { policy: 'p', version: 1, default: 'block' }, audit: sink });
      for (let i = 0; i < 50; i++) {
        const decision = await governor.decide(
          governor.interaction({ tenant: 't' }).event({ stage: 'input', content: 'x' }),
        );
        expect(decision.reason).toBe('DEFAULT_BLOCK');
        ids.push(decision.auditId);
        if (i === 25) await new Promise((resolve) => setTimeout(resolve, 2000));
      }
      await proxy.cut();
      await proxy.open();
      await expect.poll(written, { timeout: 180_000 }).toBe(true);
      const kept = (await bodiesIn(schema)).map((body) => (body as { auditId: string }).auditId);
      expect(kept.filter((id) => ids.includes(id))).toEqual(ids);
      expect(new Set(kept).size).toBe(kept.length);
      await governor.close();
    });

    it.each([
      ['an option that nobody reads', { shema: 'x' }, 'shema'],
      ['a schema that is no name', { schema: 'a; drop' }, 'schema'],
      ['a key that is none', { key: 'secret' }, '64 hex digits'],
    ])('%s is refused at once', (_what, options, why) => {
      expect(() => createPostgresSink({ url: url!, ...options })).toThrow(why);
    });
  });
});
