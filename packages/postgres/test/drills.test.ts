// What happens to servers: killed, frozen, failed over. Nothing that was acknowledged may be missing, and the log must
// be sound.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { entriesOf, parseVerifier, verifyLog } from '@flyball/audit';
import type { PolicyRecord } from '@flyball/core/evidence';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPostgresSink, exportPostgresLogs, type PostgresSink } from '../src/index.ts';
import { withClient } from './databases.ts';
import { canOwnServer, ownServer, pause, type OwnServer } from './own-server.ts';
import { proxyTo, type Proxy } from './proxy.ts';

const LANES = 16;
let made = 0;
const recordOf = (): PolicyRecord => {
  const auditId = `aud_drill_${++made}`;
  return { schemaVersion: 1, kind: 'policy', auditId, at: Date.now(), policyId: 'p', change: 'rejected' };
};

/** Writes durable records as fast as they are acknowledged, from many places at once. */
class Load {
  readonly acknowledged: string[] = [];
  readonly #lanes: Promise<void>[];
  #running = true;

  constructor(sink: PostgresSink) {
    this.#lanes = Array.from({ length: LANES }, () => this.#lane(sink));
  }

  async #lane(sink: PostgresSink): Promise<void> {
    while (this.#running) {
      const record = recordOf();
      await sink.accept(record, { durable: true });
      this.acknowledged.push(record.auditId);
    }
  }

  /** So many more have been acknowledged. */
  async more(count: number): Promise<void> {
    const wanted = this.acknowledged.length + count;
    while (this.acknowledged.length < wanted) await pause(20);
  }

  async stop(): Promise<void> {
    this.#running = false;
    await Promise.all(this.#lanes);
  }
}

describe.skipIf(!canOwnServer)('A1: a server of its own (skipped where there are no programs of one)', () => {
  let server: OwnServer;
  let proxy: Proxy;
  let folder: string;
  let sink: PostgresSink;
  let elsewhere: string;
  const warned: string[] = [];
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'flyball-drills-'));
    elsewhere = join(folder, 'elsewhere');
    server = await ownServer();
    proxy = await proxyTo(server.url);
    warned.length = 0;
    sink = createPostgresSink({
      url: proxy.url,
      timeoutMs: 2000,
      checkpoints: { file: elsewhere, everyRecords: 200 },
      onWarning: (message) => warned.push(message),
    });
  }, 120_000);
  afterEach(async () => {
    await proxy.close();
    await server.remove();
    rmSync(folder, { recursive: true });
  }, 180_000);

  /** Ends the load and the sink, and looks for every record on the server at `url`. */
  async function settle(load: Load, url: string): Promise<void> {
    await load.stop();
    await sink.close();
    const kept = await withClient(url, async (client) => {
      const { rows } = await client.query<{ audit_id: string }>('select audit_id from flyball_audit.record');
      return rows.map(({ audit_id: id }) => id);
    });
    const there = new Set(kept);
    expect(load.acknowledged.filter((id) => !there.has(id))).toEqual([]);
    expect(there.size).toBe(kept.length);
    const [one] = await exportPostgresLogs({ url, folder: join(folder, 'export') });
    const entries = entriesOf(readFileSync(join(one!.folder, 'entries.jsonl')));
    const found = verifyLog(entries, readFileSync(elsewhere), parseVerifier(sink.vkey));
    expect(found).toMatchObject({ ok: true, size: kept.length, covered: kept.length });
  }

  it('killed and started again, three times under load', { timeout: 300_000 }, async () => {
    const load = new Load(sink);
    for (let time = 0; time < 3; time++) {
      await load.more(300 + 50 * time);
      await server.kill();
      await pause(200);
      await server.start();
    }
    await load.more(300);
    await settle(load, server.url);
    expect(warned.filter((message) => message.includes('cannot be written')).length).toBeGreaterThan(0);
    expect(warned.at(-1)).toContain('records are written again');
  });

  it('frozen for longer than a statement may take', { timeout: 300_000 }, async () => {
    const load = new Load(sink);
    await load.more(300);
    server.freeze();
    await pause(5000);
    server.thaw();
    await load.more(300);
    await settle(load, server.url);
  });

  it('lost for good, with a copy that takes over', { timeout: 300_000 }, async () => {
    const copy = await server.standby();
    const load = new Load(sink);
    await load.more(400);
    await server.kill();
    await copy.promote();
    proxy.turnTo(copy.url);
    await load.more(400);
    await settle(load, copy.url);
  });
});
