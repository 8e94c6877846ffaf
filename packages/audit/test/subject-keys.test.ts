// One key for each subject: whoever forgets it shreds the subject in the log and in every copy of it.
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { createGovernor } from '@flyball/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  createJsonLinesSink,
  openLog,
  openRecord,
  openSubjectKeys,
  parseVerifier,
  readLog,
  readSubjectKeys,
  replay,
  verifyLog,
  type AuditLog,
  type LoggedRecord,
  type SubjectKeys,
} from '../src/index.ts';

let folder: string;
let file: string;
let keysFile: string;
let keys: SubjectKeys;
const open: AuditLog[] = [];
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'flyball-subjects-'));
  file = join(folder, 'flyball.db');
  keysFile = join(folder, 'keys', 'flyball.keys');
  mkdirSync(join(folder, 'keys'));
  keys = await openSubjectKeys({ file: keysFile });
});
afterEach(async () => {
  for (const log of open.splice(0)) await log.close().catch(() => {});
  await keys.close().catch(() => {});
  rmSync(folder, { recursive: true });
});

const BY = { who: 'dpo', why: 'request 12' };
const CONTENT_KEY = 'ab'.repeat(32);
const POLICY = {
  policy: 'p',
  version: 1,
  audit: { content: 'captured' },
  detectors: [{ id: 'word', phrases: ['secret word'] }],
  rules: [{ id: 'word', on: ['input'], detect: 'word', then: 'block', reason: 'P_WORD' }],
} as const;

async function logged(name = file): Promise<AuditLog> {
  const log = await openLog({ file: name, subjectKeys: keys, onWarning: () => {} });
  open.push(log);
  return log;
}

/** Some decisions about each of these users. */
async function traffic(users: readonly string[], name = file): Promise<void> {
  const audit = await logged(name);
  const governor = await createGovernor({ policy: POLICY, audit, contentKey: CONTENT_KEY });
  for (const user of users)
    for (const content of ['hello', 'the secret word'])
      await governor.decide(
        governor
          .interaction({ tenant: 'acme-corporation', user, session: `session-of-${user}` })
          .event({ stage: 'input', content }),
      );
  await governor.close();
}

interface Reading {
  readonly readable: readonly LoggedRecord[];
  readonly sealed: number;
}

function reading(name = file, from = keysFile): Reading {
  const subjectKeys = readSubjectKeys(from);
  const reader = readLog(name, { subjectKeys });
  const records = [...reader.records()].map(({ record }) => record);
  reader.close();
  subjectKeys.close();
  const readable = records.filter(({ kind }) => kind === 'decision');
  return { readable, sealed: records.filter(({ kind }) => kind === 'sealed').length };
}

const usersOf = ({ readable }: Reading): readonly string[] => [
  ...new Set(readable.map((record) => (record.kind === 'decision' ? record.event.subject.user! : ''))),
];

function verified(name = file): ReturnType<typeof verifyLog> {
  const reader = readLog(name);
  const found = verifyLog(reader.entries(), reader.checkpoints(), parseVerifier(reader.vkey));
  reader.close();
  return found;
}

/** Every byte on disk but the keys. */
const bytesIn = (path: string): string =>
  readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => readFileSync(join(path, name)).toString('latin1'))
    .join('\n');

describe('records that are sealed for their subjects', () => {
  it('name nobody on disk, are sound to those who have no key, and make the same decisions again for those who have', async () => {
    await traffic(['ada-lovelace', 'grace-hopper']);
    const bytes = bytesIn(folder);
    for (const name of ['ada-lovelace', 'grace-hopper', 'acme-corporation', 'session-of'])
      expect(bytes).not.toContain(name);
    expect(statSync(keysFile).mode & 0o77).toBe(0);
    expect(verified()).toMatchObject({ ok: true, shredded: 0 });
    expect(reading()).toMatchObject({ readable: { length: 4 }, sealed: 0 });
    const subjectKeys = readSubjectKeys(keysFile);
    const reader = readLog(file, { subjectKeys });
    expect(await replay(reader.records())).toMatchObject({ decisions: 4, same: 4, differ: 0 });
    reader.close();
    subjectKeys.close();
  });

  it('of one subject are unreadable in every copy once its key is forgotten, and all logs still verify', async () => {
    await traffic(['ada', 'grace']);
    const backup = join(folder, 'backup.db');
    cpSync(file, backup);
    const audit = await logged();
    const removed = await audit.shred({ tenant: 'acme-corporation', user: 'ada' }, BY);
    expect(removed).toMatchObject({ removed: 2, held: 0 });
    await audit.close();
    expect(verified()).toMatchObject({ ok: true, shredded: 2 });
    expect(usersOf(reading())).toEqual(['grace']);
    // The backup has every byte it had, and nobody reads two of its records any more.
    expect(verified(backup)).toMatchObject({ ok: true, shredded: 0 });
    expect(usersOf(reading(backup))).toEqual(['grace']);
    expect(reading(backup).sealed).toBe(2);
  });

  it('the forgotten key is in no byte of the file of keys, nor of its write-ahead log', async () => {
    const [ada] = await keys.keysOf([
      { tenant: 'acme', user: 'ada' },
      { tenant: 'acme', user: 'grace' },
    ]);
    const pattern = Buffer.from(ada!.key).toString('latin1');
    expect(bytesIn(join(folder, 'keys'))).toContain(pattern);
    await keys.forget({ tenant: 'acme', user: 'ada' });
    expect(bytesIn(join(folder, 'keys'))).not.toContain(pattern);
    const [again] = await keys.keysOf([{ tenant: 'acme', user: 'ada' }]);
    expect(again!.id).not.toBe(ada!.id);
  });

  it('a hold that any log sets keeps the key in all of them, until it is lifted', async () => {
    const other = join(folder, 'other.db');
    await traffic(['ada']);
    await traffic(['ada'], other);
    const [here, there] = [await logged(), await logged(other)];
    await there.hold({ tenant: 'acme-corporation', user: 'ada' }, { who: 'legal', why: 'case 7' });
    expect(await here.shred({ tenant: 'acme-corporation' }, BY)).toMatchObject({ removed: 0, held: 2 });
    expect(usersOf(reading())).toEqual(['ada']);
    expect(await there.release({ tenant: 'acme-corporation', user: 'ada' }, BY)).toBe(1);
    expect(await here.shred({ tenant: 'acme-corporation' }, BY)).toMatchObject({ removed: 2, held: 0 });
    // The other file keeps the bytes, and nobody reads them.
    expect(reading(other)).toMatchObject({ readable: [], sealed: 2 });
    await expect(here.hold({ user: 'ada' }, BY)).rejects.toMatchObject({ code: 'OPTIONS_INVALID' });
  });

  it('what a hold keeps is not too old either', async () => {
    await traffic(['ada', 'grace']);
    const audit = await logged();
    await audit.hold({ tenant: 'acme-corporation', user: 'ada' }, BY);
    expect(await audit.expire({ days: 1e-9 }, BY)).toMatchObject({ removed: 2, held: 2 });
    expect(usersOf(reading())).toEqual(['ada']);
  });

  it('without its keys such a log shreds nobody, and says so instead of finding nothing', async () => {
    await traffic(['ada']);
    const log = await openLog({ file, onWarning: () => {} });
    open.push(log);
    await expect(log.shred({ tenant: 'acme-corporation', user: 'ada' }, BY)).rejects.toMatchObject({
      code: 'KEYS_MISSING',
    });
  });

  it('a hold on a user outlives the tenant: what comes later is held too, until it is lifted', async () => {
    await traffic(['ada']);
    const audit = await logged();
    const ada = { tenant: 'acme-corporation', user: 'ada' };
    await audit.hold(ada, BY);
    expect(await audit.shred({ tenant: 'acme-corporation' }, BY)).toMatchObject({ removed: 0, held: 2 });
    await audit.close();
    await traffic(['ada']);
    const again = await logged();
    expect(await again.expire({ days: 1e-9 }, BY)).toMatchObject({ removed: 0, held: 4 });
    expect(await again.release(ada, BY)).toBe(1);
    expect(await again.expire({ days: 1e-9 }, BY)).toMatchObject({ removed: 4, held: 0 });
  });

  it('without its keys such a log holds nobody either, and says so', async () => {
    await traffic(['ada']);
    const log = await openLog({ file, onWarning: () => {} });
    open.push(log);
    const scope = { tenant: 'acme-corporation', user: 'ada' };
    await expect(log.hold(scope, BY)).rejects.toMatchObject({ code: 'KEYS_MISSING' });
    await expect(log.release(scope, BY)).rejects.toMatchObject({ code: 'KEYS_MISSING' });
    // Everything is everything, whatever it is named.
    await log.hold({}, BY);
    expect((await log.expire({ days: 1e-9 }, BY)).removed).toBe(0);
  });

  it('records of the time before the keys are found by name, as they were', async () => {
    const log = await openLog({ file, onWarning: () => {} });
    const governor = await createGovernor({ policy: { policy: 'p', version: 1, default: 'block' }, audit: log });
    await governor.decide(
      governor.interaction({ tenant: 'acme-corporation', user: 'ada' }).event({ stage: 'input', content: 'x' }),
    );
    await governor.close();
    await traffic(['ada']);
    const audit = await logged();
    expect(await audit.shred({ tenant: 'acme-corporation', user: 'ada' }, BY)).toMatchObject({ removed: 3 });
  });

  it('JSON lines are sealed too, and a record opens under its own audit id alone', async () => {
    const lines = join(folder, 'lines');
    const audit = createJsonLinesSink({ folder: lines, subjectKeys: keys, onWarning: () => {} });
    const governor = await createGovernor({ policy: POLICY, audit, contentKey: CONTENT_KEY });
    await governor.decide(
      governor.interaction({ tenant: 'acme', user: 'ada-lovelace' }).event({ stage: 'input', content: 'x' }),
    );
    await governor.close();
    const text = bytesIn(lines);
    expect(text).not.toContain('ada-lovelace');
    const record = text.split('\n').find((line) => line.includes('"sealed"'))!;
    const sealed = JSON.parse(record) as LoggedRecord;
    const subjectKeys = readSubjectKeys(keysFile);
    const keyOf = (id: string): Uint8Array | undefined => subjectKeys.key(id);
    expect(openRecord(sealed, keyOf)).toMatchObject({ kind: 'decision', event: { subject: { user: 'ada-lovelace' } } });
    expect(() => openRecord({ ...sealed, auditId: 'aud_other' }, keyOf)).toThrow();
    subjectKeys.close();
  });

  it('while the keys cannot be had records wait, nothing is written in the clear, and nothing is lost', async () => {
    let isGone = true;
    const flaky: SubjectKeys = {
      ...keys,
      keysOf: (subjects) => (isGone ? Promise.reject(new Error('no key service')) : keys.keysOf(subjects)),
    };
    const warned: string[] = [];
    const audit = await openLog({ file, subjectKeys: flaky, onWarning: (message) => warned.push(message) });
    open.push(audit);
    const governor = await createGovernor({ policy: { policy: 'p', version: 1, default: 'block' }, audit });
    await governor.decide(
      governor.interaction({ tenant: 'acme', user: 'ada-lovelace' }).event({ stage: 'input', content: 'x' }),
    );
    await expect.poll(() => warned.length).toBe(1);
    expect(warned[0]).toContain('no key service');
    expect(bytesIn(folder)).not.toContain('ada-lovelace');
    isGone = false;
    await governor.close();
    expect(usersOf(reading())).toEqual(['ada-lovelace']);
  });

  it('two processes that share the file of keys seal with the same, and what one forgets the other makes anew', async () => {
    const second = await openSubjectKeys({ file: keysFile });
    const subjects = Array.from({ length: 50 }, (_, at) => ({ tenant: 'acme', user: `u${at}` }));
    const [a, b] = await Promise.all([keys.keysOf(subjects), second.keysOf(subjects)]);
    expect(a.map(({ id }) => id)).toEqual(b.map(({ id }) => id));
    const { ids } = await second.forget({ tenant: 'acme', user: 'u7' });
    expect(ids).toEqual([a[7]!.id]);
    expect((await keys.keysOf([subjects[7]!]))[0]!.id).not.toBe(a[7]!.id);
    await second.close();
  });

  it('a file that is another database is refused in words', async () => {
    const other = join(folder, 'other.db');
    const db = new DatabaseSync(other);
    db.exec('CREATE TABLE t (a)');
    db.close();
    await expect(openSubjectKeys({ file: other })).rejects.toMatchObject({
      code: 'KEYS_NOT_OPENED',
      message: expect.stringContaining('another database') as string,
    });
    writeFileSync(join(folder, 'text'), 'no database at all, and long enough to be looked at'.repeat(20));
    await expect(openSubjectKeys({ file: join(folder, 'text') })).rejects.toMatchObject({ code: 'KEYS_NOT_OPENED' });
  });
});
