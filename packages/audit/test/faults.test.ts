// Disks that refuse: a file system with an end, a file that may not be written, pages that were overwritten, a slow
// commit.
import { execFileSync, spawnSync } from 'node:child_process';
import {
  closeSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { createGovernor, type Sink } from '@flyball/core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createJsonLinesSink, openLog, parseVerifier, readLog, verifyLog, type AuditLog } from '../src/index.ts';

let folder: string;
const open: Sink[] = [];
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'flyball-faults-'))));
afterEach(async () => {
  for (const sink of open.splice(0)) await sink.close?.().catch(() => {});
  rmSync(folder, { recursive: true, force: true });
});

let made = 0;
const recordOf = (bytes = 100) => {
  const auditId = `aud_${++made}`;
  return {
    schemaVersion: 1,
    kind: 'policy',
    auditId,
    at: 1,
    policyId: 'p',
    change: 'rejected',
    problems: ['x'.repeat(bytes)],
  } as const;
};

async function logged(options: object): Promise<{ readonly log: AuditLog; readonly warned: string[] }> {
  const warned: string[] = [];
  const log = await openLog({
    file: join(folder, 'flyball.db'),
    onWarning: (message) => warned.push(message),
    ...options,
  });
  open.push(log);
  return { log, warned };
}

function sound(file: string): { readonly ok: boolean; readonly ids: readonly string[] } {
  const reader = readLog(file);
  try {
    const { ok } = verifyLog(reader.entries(), reader.checkpoints(), parseVerifier(reader.vkey));
    return { ok, ids: [...reader.records()].map(({ record }) => record.auditId) };
  } finally {
    reader.close();
  }
}

/** A file system of its own that is soon full, where the tests may mount one. */
const small = join(tmpdir(), 'flyball-small');
const MEGABYTES = 8;
const mounted = process.platform === 'linux' && process.getuid?.() === 0 && mount();
function mount(): boolean {
  const path = mkdtempSync(join(tmpdir(), 'flyball-mount-'));
  const probe = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', path]);
  if (probe.status === 0) execFileSync('umount', [path]);
  rmSync(path, { recursive: true });
  return probe.status === 0;
}

describe.skipIf(!mounted)('a full disk (needs the right to mount one)', () => {
  beforeAll(() => {
    mkdirSync(small, { recursive: true });
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${MEGABYTES}m`, 'tmpfs', small]);
  });
  afterAll(() => {
    execFileSync('umount', [small]);
    rmSync(small, { recursive: true });
  });

  it.each(['a log', 'JSON lines'])(
    '%s lets records wait, refuses when too many do, and goes on when there is room',
    async (kind) => {
      const filler = join(small, 'filler');
      const warned: string[] = [];
      const settings = { capacity: 50, commitWindowMs: 5, onWarning: (message: string) => warned.push(message) };
      const file = join(small, 'flyball.db');
      const sink: Sink =
        kind === 'a log' ? await openLog({ file, ...settings }) : createJsonLinesSink({ folder: small, ...settings });
      open.push(sink);
      await sink.accept(recordOf());
      await sink.flush?.();
      expect(() => fill(filler)).toThrow('ENOSPC');

      const accepted: string[] = [];
      let refused = 0;
      for (let i = 0; i < 60; i++) {
        const record = recordOf(20_000);
        try {
          await sink.accept(record);
          accepted.push(record.auditId);
        } catch (error) {
          expect(error).toMatchObject({ code: 'LOG_FULL' });
          refused++;
        }
        // Time to try: what cannot be written must not be lost by trying.
        if (i % 20 === 0) await new Promise((resolve) => setTimeout(resolve, 50));
      }
      expect([accepted.length, refused]).toEqual([50, 10]);
      await expect.poll(() => warned[0]).toContain('cannot be written');
      rmSync(filler);
      await expect.poll(() => warned.at(-1), { timeout: 5000 }).toContain('written again');
      await sink.close?.();
      const kept = kind === 'a log' ? sound(file).ids : idsOfLines(small);
      expect(accepted.filter((id) => !kept.includes(id))).toEqual([]);
      if (kind === 'a log') expect(sound(file).ok).toBe(true);
    },
  );
});

describe.skipIf(!mounted)('a disk that may only be read (needs the right to mount one)', () => {
  const path = join(tmpdir(), `flyball-read-only-${process.pid}`);
  beforeAll(() => {
    mkdirSync(path, { recursive: true });
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', path]);
  });
  afterAll(() => {
    execFileSync('umount', [path]);
    rmSync(path, { recursive: true });
  });

  it('opens no log, which is said in a sentence, and no record of it is touched', async () => {
    const file = join(path, 'flyball.db');
    const log = await openLog({ file });
    const record = recordOf();
    await log.accept(record);
    await log.close();
    execFileSync('mount', ['-o', 'remount,ro', path]);
    const failed = openLog({ file });
    await expect(failed).rejects.toMatchObject({ code: 'LOG_NOT_OPENED' });
    await expect(failed).rejects.toThrow(/^cannot open the log `[^\n]*$/);
    execFileSync('mount', ['-o', 'remount,rw', path]);
    expect(sound(file)).toMatchObject({ ok: true });
    expect(sound(file).ids).toContain(record.auditId);
  });
});

/** Writes until there is no room. */
function fill(path: string): never {
  const handle = openSync(path, 'w');
  try {
    for (;;) writeSync(handle, Buffer.alloc(4096));
  } finally {
    closeSync(handle);
  }
}

function idsOfLines(path: string): readonly string[] {
  const text = execFileSync('sh', ['-c', `cat ${path}/audit-*.jsonl`], { encoding: 'utf8', maxBuffer: 1e8 });
  return text.split('\n').flatMap((line) => (line === '' ? [] : [(JSON.parse(line) as { auditId: string }).auditId]));
}

describe('a file that cannot be the log', () => {
  it.each([
    ['a folder that is not there', (file: string) => join(file, 'no', 'flyball.db')],
    ['a folder', (file: string) => (mkdirSync(file), file)],
    ['some other file', (file: string) => (writeFileSync(file, 'a diary, and no database at all'), file)],
  ])('%s: opening says so in one sentence', async (_what, prepare) => {
    const file = prepare(join(folder, 'thing'));
    const failed = openLog({ file, key: '11'.repeat(32) });
    await expect(failed).rejects.toMatchObject({ code: 'LOG_NOT_OPENED' });
    await expect(failed).rejects.toThrow(/^cannot open the log `[^\n]*$/);
  });

  it('pages that were overwritten are refused at the next start, not written on', async () => {
    const { log } = await logged({ checkpoints: { everyRecords: 10 } });
    for (let i = 0; i < 200; i++) await log.accept(recordOf(1000));
    await log.close();
    const handle = openSync(log.file, 'r+');
    // The first page has the schema; the second and third the roots of tables.
    writeSync(handle, Buffer.alloc(8192, 0xa5), 0, 8192, 4096);
    await expect(logged({})).rejects.toMatchObject({ code: 'LOG_NOT_OPENED' });
  });
});

describe('pages that break while the log is written', () => {
  const PAGE = 4096;
  /** Overwrites pages, all from `first` on or as many as said; answers how to put back what was there. */
  function broken(file: string, first: number, count?: number): () => void {
    const before = readFileSync(file);
    const from = (first - 1) * PAGE;
    const bytes = Buffer.alloc(Math.min(before.length - from, (count ?? Infinity) * PAGE), 0xa5);
    const handle = openSync(file, 'r+');
    writeSync(handle, bytes, 0, bytes.length, from);
    closeSync(handle);
    return () => writeFileSync(file, before);
  }
  /** Moves what is in the write-ahead log to the file, and makes the writer read again what it has in memory. */
  function settled(file: string): void {
    const other = new DatabaseSync(file);
    other.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    other.close();
  }
  function touched(file: string): void {
    const other = new DatabaseSync(file);
    other.exec('UPDATE log SET clean = 0');
    other.close();
  }

  it('A1: those the writer needs: no decision waits, nothing is acknowledged that is not there, and all is written once they are mended', async () => {
    const { log, warned } = await logged({ commitWindowMs: 5, capacity: 50 });
    const rules = [{ id: 'a', on: 'input', when: 'attributes.x == 1', then: 'allow' }] as const;
    const governor = await createGovernor({ policy: { policy: 'p', version: 1, rules }, audit: log });
    const acknowledged: string[] = [];
    for (let i = 0; i < 100; i++) {
      const record = recordOf(200);
      await log.accept(record, { durable: true });
      acknowledged.push(record.auditId);
    }
    settled(log.file);
    // The log forgets what it has in memory of a file that somebody else has written.
    touched(log.file);
    settled(log.file);
    const mend = broken(log.file, 3);

    const waiting = recordOf();
    const state = { isWritten: false };
    const written = Promise.resolve(log.accept(waiting, { durable: true })).then(() => (state.isWritten = true));
    await expect.poll(() => warned[0], { timeout: 10_000 }).toContain('cannot be written, and wait');
    const kept: string[] = [];
    const outcomes = new Set<string>();
    for (let i = 0; i < 60; i++) {
      const decision = await governor.decide(
        governor.interaction({ tenant: 't' }).event({ stage: 'input', content: 'x', attributes: { x: 1 } }),
      );
      outcomes.add(`${decision.outcome} ${decision.reason}`);
      if (decision.outcome === 'ALLOW') kept.push(decision.auditId);
    }
    // As many as may wait do; then the declared failure.
    expect([...outcomes]).toEqual(['ALLOW NO_RULE_OBJECTED', 'BLOCK AUDIT_UNAVAILABLE']);
    expect([kept.length, state.isWritten]).toEqual([49, false]);

    mend();
    await written;
    await governor.close();
    expect(warned.at(-1)).toContain('written again');
    const found = sound(log.file);
    expect(found.ok).toBe(true);
    const ids = [...acknowledged, waiting.auditId, ...kept];
    expect(ids.filter((id) => !found.ids.includes(id))).toEqual([]);
  });

  it('A3: those of old records: newer ones are kept beside them, and the damage is found and told', async () => {
    const { log } = await logged({ commitWindowMs: 5 });
    for (let i = 0; i < 400; i++) await log.accept(recordOf(1000));
    await log.flush();
    settled(log.file);
    // In the middle of the bodies.
    const pages = statSync(log.file).size / PAGE;
    broken(log.file, Math.floor(pages / 2), 4);
    const newer: string[] = [];
    for (let i = 0; i < 50; i++) {
      const record = recordOf();
      await log.accept(record, { durable: true });
      newer.push(record.auditId);
    }
    await log.close();
    const reader = readLog(log.file);
    for (const id of newer) expect(reader.find(id)?.record?.auditId).toBe(id);
    const checked = (): boolean => verifyLog(reader.entries(), reader.checkpoints(), parseVerifier(reader.vkey)).ok;
    // SQLite says so itself where a page makes no sense; a page that does is another record.
    expect(checked).toThrow(/malformed|corrupt|damaged/);
    reader.close();
  });
});

describe('a file that is removed or replaced while its log is written', () => {
  const all = (file: string): readonly string[] => [file, `${file}-wal`, `${file}-shm`];

  it.each<[what: string, replace: (file: string, aside: string) => void]>([
    ['removed', () => {}],
    ['replaced by an empty log', (file) => new DatabaseSync(file).close()],
    ['replaced by a copy', (file, aside) => copyFileSync(aside, file)],
  ])('A1: %s: records wait, which is said, and are all written once it is put back', async (_what, replace) => {
    const { log, warned } = await logged({ commitWindowMs: 5 });
    const [before, waiting] = [recordOf(), recordOf()];
    await log.accept(before, { durable: true });
    const aside = join(folder, 'aside');
    for (const file of all(log.file)) renameSync(file, file.replace(log.file, aside));
    replace(log.file, aside);
    const state = { isWritten: false };
    const written = Promise.resolve(log.accept(waiting, { durable: true })).then(() => (state.isWritten = true));
    await expect.poll(() => warned[0], { timeout: 10_000 }).toContain('the file was removed or replaced');
    expect(state.isWritten).toBe(false);
    for (const file of all(log.file)) rmSync(file, { force: true });
    for (const file of all(aside)) renameSync(file, file.replace(aside, log.file));
    await written;
    await log.close();
    const { ok, ids } = sound(log.file);
    expect([ok, ids.filter((id) => id === before.auditId || id === waiting.auditId)]).toEqual([
      true,
      [before.auditId, waiting.auditId],
    ]);
  });

  it('A1: for good: closing says that records are lost, and no second log begins in its place', async () => {
    const { log } = await logged({ commitWindowMs: 5 });
    await log.accept(recordOf(), { durable: true });
    for (const file of all(log.file)) rmSync(file, { force: true });
    await expect(log.close()).rejects.toThrow('the file was removed or replaced');
    expect(existsSync(log.file)).toBe(false);
  });
});

describe('while the disk is slow or locked', () => {
  it('A1: no decision waits for it, and nothing is lost', async () => {
    const { log } = await logged({ commitWindowMs: 5 });
    const governor = await createGovernor({ policy: { policy: 'p', version: 1, default: 'block' }, audit: log });
    await log.flush();
    const other = new DatabaseSync(log.file);
    other.exec('BEGIN IMMEDIATE');
    const ids: string[] = [];
    for (let i = 0; i < 300; i++) {
      const decision = await governor.decide(
        governor.interaction({ tenant: 't' }).event({ stage: 'input', content: 'x' }),
      );
      expect(decision.reason).toBe('DEFAULT_BLOCK');
      ids.push(decision.auditId);
    }
    expect(sound(log.file).ids.filter((id) => ids.includes(id))).toEqual([]);
    other.close();
    await governor.close();
    const found = sound(log.file);
    expect(found.ok).toBe(true);
    expect(found.ids.filter((id) => ids.includes(id))).toEqual(ids);
  });

  it('A1: with each commit as long as on a bad day of a network disk, decisions go on beside it, and nothing is lost', async () => {
    const { log } = await logged({ commitWindowMs: 5, capacity: 5000 });
    const governor = await createGovernor({ policy: { policy: 'p', version: 1, default: 'block' }, audit: log });
    await log.flush();
    const other = new DatabaseSync(log.file);
    // Some hundreds of milliseconds in the worker, for each batch.
    other.exec(`CREATE TRIGGER slow AFTER INSERT ON body WHEN NEW.seq % 64 = 0 BEGIN
        SELECT count(*) FROM (WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 300000) SELECT x FROM n);
      END`);
    other.close();
    const decide = () => governor.decide(governor.interaction({ tenant: 't' }).event({ stage: 'input', content: 'x' }));
    const ids: string[] = [];
    for (let round = 0; round < 3; round++) {
      const durable = recordOf();
      const state = { isWritten: false };
      for (let i = 0; i < 64; i++) ids.push((await decide()).auditId);
      const written = Promise.resolve(log.accept(durable, { durable: true })).then(() => (state.isWritten = true));
      let beside = 0;
      while (!state.isWritten && beside < 300) {
        ids.push((await decide()).auditId);
        beside++;
        // The worker's answer has a turn of its own.
        if (beside % 20 === 0) await new Promise((resolve) => setImmediate(resolve));
      }
      await written;
      expect(beside).toBeGreaterThan(20);
      ids.push(durable.auditId);
    }
    await log.flush();
    await governor.close();
    await log.close();
    const found = sound(log.file);
    expect(found.ok).toBe(true);
    expect(ids.filter((id) => !found.ids.includes(id))).toEqual([]);
  }, 180_000);

  it('A1: a decision that must be on disk is a stop under `onError: block`, in the time the policy gives', async () => {
    const { log } = await logged({});
    const policy = { policy: 'p', version: 1, deadline: '50ms', audit: { durable: 'all' }, default: 'allow' } as const;
    const rules = [{ id: 'a', on: 'input', when: 'attributes.x == 1', then: 'allow' }] as const;
    const governor = await createGovernor({ policy: { ...policy, rules }, audit: log });
    await log.flush();
    const other = new DatabaseSync(log.file);
    other.exec('BEGIN IMMEDIATE');
    const event = () =>
      governor.interaction({ tenant: 't' }).event({ stage: 'input', content: 'x', attributes: { x: 1 } });
    expect(await governor.decide(event())).toMatchObject({ outcome: 'BLOCK', reason: 'AUDIT_UNAVAILABLE' });
    other.close();
    await log.flush();
    expect(await governor.decide(event())).toMatchObject({ outcome: 'ALLOW' });
    await governor.close();
    expect(existsSync(log.file)).toBe(true);
  });
});
