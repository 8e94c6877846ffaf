import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  checkpointsToOtlp,
  checkpointsToStdout,
  joinNotes,
  openLog,
  parseVerifier,
  readLog,
  verifyLog,
  type CheckpointListener,
} from '../src/index.ts';

let folder: string;
const servers: Server[] = [];
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'flyball-listeners-'))));
afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections();
  rmSync(folder, { recursive: true });
});

async function serve(answer: (body: string) => number | undefined): Promise<string> {
  const server = createServer((req, res) => {
    let body = '';
    req.on('data', (chunk: Buffer) => (body += chunk.toString()));
    req.on('end', () => {
      const status = answer(`${req.headers.authorization ?? ''} ${body}`);
      if (status !== undefined) res.writeHead(status).end('{}');
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/logs`;
}

interface Logged {
  readonly warned: readonly string[];
  verify(notes: readonly string[]): ReturnType<typeof verifyLog>;
}

async function logWith(listener: CheckpointListener | readonly CheckpointListener[]): Promise<Logged> {
  const file = join(folder, 'flyball.db');
  const warned: string[] = [];
  const log = await openLog({ file, checkpoints: { listener }, onWarning: (message) => warned.push(message) });
  await log.close();
  return {
    warned,
    verify(notes) {
      const reader = readLog(file);
      const found = verifyLog(reader.entries(), Buffer.from(joinNotes(notes)), parseVerifier(reader.vkey));
      reader.close();
      return found;
    },
  };
}

describe('A3: checkpoints are kept elsewhere', () => {
  it('by a collector of OpenTelemetry, from which they verify the log', async () => {
    const told: string[] = [];
    const url = await serve((body) => (told.push(body), 200));
    const { verify, warned } = await logWith(checkpointsToOtlp({ url, headers: { authorization: 'Bearer t' } }));
    await vi.waitFor(() => expect(told).toHaveLength(1), { timeout: 180_000 });
    expect(told[0]).toMatch(/^Bearer t /);
    const body = JSON.parse(told[0]!.slice('Bearer t '.length)) as {
      resourceLogs: [
        { scopeLogs: [{ logRecords: [{ body: { stringValue: string }; eventName: string; attributes: object[] }] }] },
      ];
    };
    const [record] = body.resourceLogs[0].scopeLogs[0].logRecords;
    expect(record).toMatchObject({
      eventName: 'flyball.checkpoint',
      attributes: [
        { key: 'flyball.log', value: { stringValue: 'flyball.local/flyball.db' } },
        { key: 'flyball.size', value: { intValue: '2' } },
      ],
    });
    expect(verify([record.body.stringValue])).toEqual({ ok: true, size: 2, covered: 2, shredded: 0 });
    expect(warned).toEqual([]);
  });

  it.each([
    ['refuses', () => 503, 'answered 503'],
    ['hangs', () => undefined, 'timeout'],
  ])('a collector that %s is a warning, and keeps nothing waiting', async (_what, answer, why) => {
    const url = await serve(answer);
    const { warned } = await logWith(checkpointsToOtlp({ url, timeoutMs: 300 }));
    await vi.waitFor(() => expect(warned.join()).toContain(why), { timeout: 180_000 });
  });

  it('on standard output, and in as many places as there are', async () => {
    const others: string[] = [];
    const lines: string[] = [];
    const write = vi.spyOn(process.stdout, 'write').mockImplementation((text) => (lines.push(String(text)), true));
    const { verify } = await logWith([checkpointsToStdout(), (note) => others.push(note)]);
    write.mockRestore();
    const printed = lines.filter((line) => line.startsWith('{"checkpoint"'));
    expect(printed.map((line) => (JSON.parse(line) as { checkpoint: string }).checkpoint)).toEqual(others);
    expect(verify(others)).toMatchObject({ ok: true, covered: 2 });
  });

  it('a misspelt option is refused', () => {
    expect(() => checkpointsToOtlp({ url: 'x', header: {} } as never)).toThrow('header');
  });
});
