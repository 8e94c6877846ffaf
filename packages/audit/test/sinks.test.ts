// Every sink of the package keeps the promises of a sink, on a real disk.
import { existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { PolicyRecord, Sink } from '@flyball/core/evidence';
import { describeSink, type SinkHarness } from '@flyball/testing/sink-suite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createJsonLinesSink, openLog, readLog, teeSinks } from '../src/index.ts';

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'flyball-sinks-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const QUIET = { onWarning: () => {} };

function logHarness(): SinkHarness {
  const file = join(folder, 'flyball.db');
  return {
    open: (settings) => openLog({ file, ...QUIET, ...settings }),
    records() {
      const reader = readLog(file);
      const records = [...reader.records()].map(({ record }) => record);
      reader.close();
      return records;
    },
    fail() {
      const other = new DatabaseSync(file);
      other.exec('BEGIN IMMEDIATE');
      return () => other.close();
    },
    close() {},
  };
}

const linesIn = (path: string): readonly string[] =>
  // Nothing was written yet.
  (existsSync(path) ? readdirSync(path) : [])
    .sort()
    .flatMap((name) => readFileSync(join(path, name), 'utf8').split('\n').slice(0, -1));

function linesHarness(): SinkHarness {
  const path = join(folder, 'lines');
  const away = join(folder, 'away');
  const isAway = (): boolean => readdirSync(folder).includes('away');
  return {
    open: (settings) => createJsonLinesSink({ folder: path, ...QUIET, ...settings }),
    records: () => linesIn(isAway() ? away : path).map((line) => JSON.parse(line) as unknown),
    fail() {
      renameSync(path, away);
      writeFileSync(path, 'no folder');
      return () => {
        rmSync(path);
        renameSync(away, path);
      };
    },
    knowsIds: false,
    close() {},
  };
}

const TOOLS = { describe, it, expect };
describeSink('a log', logHarness, TOOLS);
describeSink('JSON lines', linesHarness, TOOLS);
describeSink(
  'a tee of both',
  () => {
    const [log, lines] = [logHarness(), linesHarness()];
    return {
      ...log,
      open: async (settings) => teeSinks(await log.open(settings), [await lines.open({})], QUIET),
    };
  },
  TOOLS,
);

let made = 0;
const recordOf = (text = ''): PolicyRecord => {
  const auditId = `aud_${++made}`;
  return { schemaVersion: 1, kind: 'policy', auditId, at: 1, policyId: 'p', change: 'rejected', problems: [text] };
};

it('a log loses only the record that its file refuses, and says which', async () => {
  const file = join(folder, 'flyball.db');
  const said: string[] = [];
  const log = await openLog({ file, onWarning: (message: string) => said.push(message) });
  await log.flush();
  const other = new DatabaseSync(file);
  other.exec("CREATE TRIGGER odd BEFORE INSERT ON record WHEN NEW.at = 13 BEGIN SELECT RAISE(ABORT, 'odd'); END");
  other.close();
  const [before, odd, after] = [recordOf(), { ...recordOf(), at: 13 }, recordOf()];
  const answers = [before, odd, after].map(async (record) => log.accept(record, { durable: true }));
  expect((await Promise.allSettled(answers)).map(({ status }) => status)).toEqual([
    ...['fulfilled', 'rejected', 'fulfilled'],
  ]);
  await log.close();
  const reader = readLog(file);
  const kept = [...reader.records()].map(({ record }) => record);
  reader.close();
  expect(kept.slice(1, -1)).toMatchObject([before, { kind: 'gap', lost: 1, refused: odd.auditId }, after]);
  expect(said).toEqual([
    `audit log \`${file}\`: a record is refused, and a gap record stands in its place: policy ${odd.auditId}: ` +
      'SQLite refuses what a record holds: odd',
  ]);
});

describe('files of JSON lines', () => {
  it('a file that has its size is left as it is, and what one shipper took away is written to the next', async () => {
    const sink = createJsonLinesSink({ folder, maxBytes: 1300, ...QUIET });
    for (let i = 0; i < 5; i++) {
      await sink.accept(recordOf('x'.repeat(400)));
      await sink.flush();
    }
    const names = readdirSync(folder).sort();
    expect(names.length).toBe(3);
    rmSync(join(folder, names.at(-1)!));
    await sink.accept(recordOf('after'));
    await sink.close();
    expect(linesIn(folder).filter((line) => line.includes('after'))).toHaveLength(1);
    for (const line of linesIn(folder)) JSON.parse(line);
  });

  it('files of days that are long over are removed, and nothing else', async () => {
    const old = ['audit-2020-01-01-host-1-a-0.jsonl', 'audit-2020-01-01.txt', 'other-2020-01-01.jsonl'];
    for (const name of old) writeFileSync(join(folder, name), '');
    const sink = createJsonLinesSink({ folder, ...QUIET });
    await sink.close();
    expect(old.filter((name) => existsSync(join(folder, name)))).toEqual(old.slice(1));
    expect(linesIn(folder).map((line) => (JSON.parse(line) as { change?: string }).change)).toEqual([
      'started',
      'stopped',
    ]);
  });

  it('an option that is not known is refused', () => {
    expect(() => createJsonLinesSink({ folder, maxByte: 1 } as never)).toThrow('maxByte');
  });
});

describe('a tee', () => {
  const memory = (kept: unknown[], more: Partial<Sink> = {}): Sink => ({
    name: 'memory',
    accept: (record) => void kept.push(record),
    ...more,
  });

  it('is refused by its first sink alone; another that throws, rejects or hangs is a warning, once, until it works again', async () => {
    const warned: string[] = [];
    const kept: unknown[] = [];
    let broken = true;
    const others: readonly Sink[] = [
      memory([], { name: 'throws', accept: () => (broken ? fail('full') : undefined) }),
      memory([], { name: 'rejects', accept: async () => void (broken && fail('gone')) }),
      memory([], { name: 'hangs', accept: () => new Promise(() => {}) }),
    ];
    const tee = teeSinks(memory(kept), others, { onWarning: (message) => warned.push(message) });
    for (let i = 0; i < 3; i++) await tee.accept(recordOf());
    await expect.poll(() => warned.length).toBe(2);
    expect(kept).toHaveLength(3);
    broken = false;
    await tee.accept(recordOf());
    await expect
      .poll(() => warned)
      .toEqual([
        'audit: the sink `throws` refuses records: full',
        'audit: the sink `rejects` refuses records: gone',
        'audit: the sink `throws` takes records again',
        'audit: the sink `rejects` takes records again',
      ]);
    const refused = teeSinks(memory([], { accept: () => fail('full') }), [memory(kept)], QUIET);
    expect(() => refused.accept(recordOf())).toThrow('full');
  });

  it('offers what its first sink offers, asks it for what it is asked, and closes all, whichever fails', async () => {
    const asked: unknown[] = [];
    const closed: string[] = [];
    const first = memory([], {
      offersDurable: true,
      accept: (_record, options) => void asked.push(options),
      close: async () => fail('the first'),
    });
    const tee = teeSinks(first, [memory([], { close: async () => void closed.push('second') })], QUIET);
    await tee.accept(recordOf(), { durable: true });
    expect([tee.offersDurable, asked]).toEqual([true, [{ durable: true }]]);
    await expect(tee.close?.()).rejects.toThrow('the first');
    expect(closed).toEqual(['second']);
  });
});

function fail(message: string): never {
  throw new Error(message);
}
