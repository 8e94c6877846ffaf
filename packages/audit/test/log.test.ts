import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { createGovernor, type DecisionRecord } from '@flyball/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openLog, parseVerifier, readLog, verifyLog, type AuditLog, type LoggedRecord } from '../src/index.ts';

let folder: string;
let file: string;
const open: AuditLog[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'flyball-log-'));
  file = join(folder, 'flyball.db');
});
afterEach(async () => {
  for (const log of open.splice(0)) await log.close().catch(() => {});
  rmSync(folder, { recursive: true });
});

async function logged(options: object = {}): Promise<AuditLog> {
  const log = await openLog({ file, onWarning: () => {}, ...options });
  open.push(log);
  return log;
}

const TWO_DAYS_MS = 2 * 86_400_000;
let made = 0;
/** A record as a governor makes it, as far as a log reads it. */
function recordOf(tenant = 'acme', user = 'ada'): DecisionRecord {
  const auditId = `aud_${++made}`;
  const decision = { outcome: 'BLOCK', interactionId: 'int_1', verdict: { ruleId: 'cap' } };
  return {
    kind: 'decision',
    auditId,
    at: Date.now() - TWO_DAYS_MS,
    decision,
    event: { subject: { tenant, user } },
  } as never;
}

function read(): readonly LoggedRecord[] {
  const reader = readLog(file);
  const records = [...reader.records()].map(({ record }) => record);
  reader.close();
  return records;
}

function verified(checkpoints?: Buffer): ReturnType<typeof verifyLog> {
  const reader = readLog(file);
  const found = verifyLog(reader.entries(), checkpoints ?? reader.checkpoints(), parseVerifier(reader.vkey));
  reader.close();
  return found;
}

describe('a log', () => {
  it('A1: keeps what a governor decides, and says when it began and ended', async () => {
    const audit = await logged();
    const governor = await createGovernor({ policy: { policy: 'p', version: 1, default: 'block' }, audit });
    const decision = await governor.decide(
      governor.interaction({ tenant: 't' }).event({ stage: 'input', content: 'x' }),
    );
    await governor.close();
    const records = read();
    expect(records.map(({ kind }) => kind)).toEqual(['log', 'policy', 'decision', 'log']);
    const reader = readLog(file);
    expect(reader.find(decision.auditId)).toMatchObject({ seq: 2, record: { decision: { outcome: 'BLOCK' } } });
    reader.close();
    expect(verified()).toEqual({ ok: true, size: 4, covered: 4, shredded: 0 });
    expect(statSync(`${file}.key`).mode & 0o77).toBe(0);
  });

  it('A1: writes what waits within the commit window, durable records before they are accepted, and each once', async () => {
    const log = await logged({ commitWindowMs: 20 });
    const record = recordOf();
    expect(log.accept(record)).toBeUndefined();
    await expect.poll(() => read().length, { timeout: 2000 }).toBe(2);
    await log.accept(record);
    await log.close();
    const durable = await logged({ durability: 'durable' });
    const sent = recordOf();
    await durable.accept(sent);
    expect(read().at(-1)).toMatchObject({ auditId: sent.auditId });
    expect(read().filter(({ auditId }) => auditId === record.auditId)).toHaveLength(1);
  });

  it('goes on where it was: one tree over all its starts, in tiles and over the commitments after them', async () => {
    for (let start = 0; start < 3; start++) {
      const log = await logged({ checkpoints: { everyRecords: 100, file: join(folder, 'elsewhere') } });
      for (let i = 0; i < 250; i++) await log.accept(recordOf());
      await log.close();
    }
    expect(verified(readFileSync(join(folder, 'elsewhere')))).toEqual({
      ok: true,
      size: 756,
      covered: 756,
      shredded: 0,
    });
    const db = new DatabaseSync(file);
    expect(db.prepare('SELECT count(*) AS n FROM tile').get()).toEqual({ n: 2 });
    db.close();
  });

  it('A3: what is changed in the file is found, also where SQLite finds nothing', async () => {
    const log = await logged({ checkpoints: { file: join(folder, 'elsewhere') } });
    for (let i = 0; i < 20; i++) await log.accept(recordOf());
    await log.close();
    const db = new DatabaseSync(file);
    db.exec(`UPDATE body SET data = replace(data, 'BLOCK', 'ALLOW') WHERE seq = 7`);
    expect(db.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' });
    db.close();
    expect(verified(readFileSync(join(folder, 'elsewhere')))).toMatchObject({ ok: false, problem: 'root: 22' });
  });

  const UNBOUND = 'ALTER TABLE body RENAME TO b; CREATE TABLE body AS SELECT * FROM b;';

  it.each([
    [
      'a changed record whose salt is gone',
      `${UNBOUND} UPDATE body SET salt = NULL, data = replace(data, 'BLOCK', 'ALLOW') WHERE seq = 7`,
    ],
    ['a salt whose record is gone', `${UNBOUND} UPDATE body SET data = NULL WHERE seq = 7`],
    [
      'a border that was moved',
      `UPDATE body SET salt = CAST(salt || substr(data, 1, 9) AS BLOB), data = substr(data, 10) WHERE seq = 7`,
    ],
  ])('A3: %s is not taken for a shredded record, nor for a sound one', async (_what, change) => {
    const log = await logged();
    for (let i = 0; i < 20; i++) await log.accept(recordOf());
    await log.close();
    const db = new DatabaseSync(file);
    db.exec(change);
    db.close();
    expect(verified()).toMatchObject({ ok: false, shredded: 0, problem: 'root: 22' });
  });

  it('A3: a record is found under its own id alone', async () => {
    const log = await logged();
    const [wanted, other] = [recordOf(), recordOf()];
    await log.accept(wanted);
    await log.accept(other);
    await log.close();
    const db = new DatabaseSync(file);
    db.exec(`UPDATE record SET audit_id = 'gone' WHERE audit_id = '${wanted.auditId}'`);
    db.exec(`UPDATE record SET audit_id = '${wanted.auditId}' WHERE audit_id = '${other.auditId}'`);
    db.close();
    const reader = readLog(file);
    expect(() => reader.find(wanted.auditId)).toThrow(expect.objectContaining({ code: 'RECORD_UNREADABLE' }) as Error);
    reader.close();
  });

  it('is open in one process at a time, and says so', async () => {
    await logged();
    await expect(openLog({ file })).rejects.toMatchObject({ code: 'LOG_IN_USE' });
  });

  it('A1: a start after no end is said: UNCLEAN_START', async () => {
    await logged();
    const db = new DatabaseSync(file);
    await open.pop()!.close();
    db.exec('UPDATE log SET clean = 0');
    db.close();
    await logged();
    await open[0]!.flush();
    expect(read().at(-1)).toMatchObject({ kind: 'log', change: 'started', reason: 'UNCLEAN_START' });
  });

  it('never signs what contradicts a checkpoint out of its hands', async () => {
    const elsewhere = join(folder, 'elsewhere');
    const log = await logged({ checkpoints: { file: elsewhere }, key: '01'.repeat(32) });
    for (let i = 0; i < 5; i++) await log.accept(recordOf());
    await log.close();
    for (const suffix of ['', '-wal', '-shm', '-owner']) rmSync(`${file}${suffix}`, { force: true });
    await expect(openLog({ file, checkpoints: { file: elsewhere }, key: '01'.repeat(32) })).rejects.toMatchObject({
      code: 'LOG_BEHIND',
    });
  });

  it.each([
    ['no folder', () => ({ file: join(folder, 'none', 'a.db'), key: '01'.repeat(32) })],
    ['another key', () => ({ file, key: '02'.repeat(32) })],
  ])('with %s does not open, and says why', async (_what, options) => {
    const log = await logged({ key: '01'.repeat(32) });
    await log.close();
    await expect(openLog(options())).rejects.toMatchObject({ code: 'LOG_NOT_OPENED' });
  });
});

describe('when the disk does not keep up', () => {
  it('A1: `refuse` refuses, and a governor that closes on errors lets nothing go on', async () => {
    const audit = await logged({ capacity: 3, commitWindowMs: 60_000 });
    const governor = await createGovernor({ policy: { policy: 'p', version: 1 }, audit });
    const decide = () => governor.decide(governor.interaction({ tenant: 't' }).event({ stage: 'input', content: 'x' }));
    expect(await decide()).toMatchObject({ outcome: 'NO_OP' });
    expect(await decide()).toMatchObject({ outcome: 'BLOCK', reason: 'AUDIT_UNAVAILABLE' });
    await governor.close();
  });

  it('A6: `shed` sheds, and a gap record says how many', async () => {
    const log = await logged({ capacity: 5, overflow: 'shed', commitWindowMs: 60_000 });
    for (let i = 0; i < 12; i++) await log.accept(recordOf());
    await log.close();
    const records = read();
    expect(records.filter(({ kind }) => kind === 'decision')).toHaveLength(4);
    // Twelve, and the record of the end: eight and one had no room.
    expect(records.find(({ kind }) => kind === 'gap')).toMatchObject({ lost: 9 });
  });

  it('a write that fails is tried again, in order, and nothing is lost', async () => {
    const said: string[] = [];
    const log = await logged({ commitWindowMs: 10, onWarning: (message: string) => said.push(message) });
    await log.flush();
    const blocker = new DatabaseSync(file);
    blocker.exec('BEGIN IMMEDIATE');
    const sent = Array.from({ length: 3 }, () => recordOf());
    for (const record of sent) await log.accept(record);
    await expect.poll(() => said.length, { timeout: 3000 }).toBe(1);
    expect(said[0]).toContain('records cannot be written, and wait');
    blocker.exec('ROLLBACK');
    blocker.close();
    await expect.poll(() => said.length, { timeout: 5000 }).toBe(2);
    expect(
      read()
        .slice(1)
        .map(({ auditId }) => auditId),
    ).toEqual(sent.map(({ auditId }) => auditId));
  });
});

describe('shredding and holds', () => {
  const by = { who: 'dpo', why: 'request 12' };

  it('takes away what an operator did to the subject, too', async () => {
    const log = await logged({});
    const governor = await createGovernor({
      policy: {
        policy: 'p',
        version: 1,
        cooldowns: [{ id: 'abuse', after: { strikes: 1, within: '1m' }, for: '1m' }],
        rules: [{ id: 'r', on: 'input', when: 'attributes.x == 1', strike: { abuse: 1 } }],
      },
      audit: log,
    });
    await governor.control.putOn({ tenant: 'acme', user: 'grace-hopper' }, { ladder: 'abuse', ...by });
    await log.flush();
    expect(read().map(({ kind }) => kind)).toContain('subject');
    expect(await log.shred({ tenant: 'acme', user: 'grace-hopper' }, by)).toMatchObject({ removed: 1 });
    expect(JSON.stringify(read())).not.toContain('grace');
    await governor.close();
  });

  it('takes one subject away, from the file and its write-ahead log, and the tree still holds', async () => {
    const log = await logged({ checkpoints: { everyRecords: 5 } });
    for (let i = 0; i < 9; i++) await log.accept(recordOf('acme', i % 3 === 0 ? 'grace-hopper' : 'ada'));
    expect(await log.shred({ tenant: 'acme', user: 'grace-hopper' }, by)).toMatchObject({ removed: 3, held: 0 });
    await log.flush();
    for (const suffix of ['', '-wal']) expect(readFileSync(`${file}${suffix}`).includes('grace-hopper')).toBe(false);
    await log.close();
    expect(verified()).toMatchObject({ ok: true, shredded: 3 });
    expect(read().find(({ kind }) => kind === 'shred')).toMatchObject({
      ...by,
      removed: 3,
      ranges: [
        [1, 1],
        [4, 4],
        [7, 7],
      ],
    });
  });

  it('keeps the declared time by itself: at the start, in steps, and again once a hold is lifted', async () => {
    const log = await logged({ keepDays: Infinity, capacity: 10_000 });
    // More than one step of a sweep.
    for (let i = 0; i < 2100; i++) void log.accept(recordOf('acme', i % 1000 === 0 ? 'ada' : 'bob'));
    await log.hold({ tenant: 'acme', user: 'ada' }, { who: 'legal', why: 'case 7' });
    await log.close();
    expect(verified()).toMatchObject({ ok: true, shredded: 0 });
    const again = await logged({ keepDays: 1 });
    await expect.poll(() => verified().shredded, { timeout: 180_000 }).toBe(2097);
    await again.release({ tenant: 'acme', user: 'ada' }, by);
    await again.close();
    const gone = read().flatMap((record) => (record.kind === 'shred' ? [record] : []));
    expect(gone.reduce((sum, { removed }) => sum + removed, 0)).toBe(2097);
    expect(gone[0]).toMatchObject({ who: 'retention', why: 'older than 1 days' });
    expect(read().flatMap((record) => (record.kind === 'decision' ? [record.event.subject.user] : []))).toEqual([
      ...['ada', 'ada', 'ada'],
    ]);
    const third = await logged({ keepDays: 1 });
    await expect.poll(() => verified().shredded, { timeout: 180_000 }).toBe(2100);
    await third.close();
    expect(verified()).toMatchObject({ ok: true });
  });

  it.each([
    ['shred', { tenant: 'acme', usr: 'ada' }, /no option `usr`; did you mean `user`/],
    ['shred', { tenant: 'acme', user: undefined }, /`user` is undefined/],
    ['shred', { user: 'ada' }, /needs `tenant`/],
    ['expire', { days: Number.NaN }, /number of days above 0/],
    ['expire', { day: 30 }, /no option `day`; did you mean `days`/],
    ['hold', { tenan: 'acme' }, /no option `tenan`/],
    ['release', { tenan: 'acme' }, /no option `tenan`/],
  ] as const)('%s of %o is refused, and takes nothing away', async (name, asked, words) => {
    const log = await logged();
    for (const user of ['ada', 'bob']) await log.accept(recordOf('acme', user));
    const ask = log[name] as (scope: object, by: object) => Promise<unknown>;
    await expect(ask(asked, by)).rejects.toMatchObject({
      code: 'OPTIONS_INVALID',
      message: expect.stringMatching(words),
    });
    await expect(ask({ tenant: 'acme' }, { who: 'ada' })).rejects.toMatchObject({ code: 'OPTIONS_INVALID' });
    await log.close();
    expect(verified()).toMatchObject({ ok: true, shredded: 0 });
  });

  it('what a hold covers stays, until it is lifted', async () => {
    const log = await logged();
    for (const user of ['ada', 'bob', 'ada']) await log.accept(recordOf('acme', user));
    await log.hold({ tenant: 'acme', user: 'ada' }, { who: 'legal', why: 'case 7' });
    expect(await log.expire({ days: 1 }, by)).toMatchObject({ removed: 3 - 2, held: 2 });
    expect(await log.release({ tenant: 'acme', user: 'ada' }, by)).toBe(1);
    expect(await log.expire({ days: 1 }, by)).toMatchObject({ removed: 2, held: 0 });
    await log.close();
    expect(verified()).toMatchObject({ ok: true, shredded: 3 });
    expect(read().flatMap((record) => (record.kind === 'hold' ? [record.change] : []))).toEqual(['set', 'lifted']);
  });
});
