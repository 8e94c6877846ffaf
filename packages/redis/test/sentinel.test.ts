import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { describe, expect, it, vi } from 'vitest';
import { createState } from '../../core/src/state/state.ts';
import { createRedisStore } from '../src/index.ts';
import { BINARY, freePort, withServers, type Server } from './servers.ts';
import { eventOf, LIMIT } from './subjects.ts';

// A sentinel of our own watches a primary and its replica. The primary is killed; the replica is promoted, and has or
// has not every write.

const OPERATOR = { who: 'ops', why: 'drill' };

async function withSentinel(primary: Server, body: (port: number) => Promise<void>): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'flyball-sentinel-'));
  const port = await freePort();
  const file = join(dir, 'sentinel.conf');
  writeFileSync(
    file,
    [
      ...[`port ${port}`, 'bind 127.0.0.1', `dir ${dir}`, `sentinel monitor main 127.0.0.1 ${primary.port} 1`],
      ...['sentinel down-after-milliseconds main 500', 'sentinel failover-timeout main 3000', ''],
    ].join('\n'),
  );
  let child: ChildProcess | undefined;
  try {
    child = spawn(BINARY!, [file, '--sentinel'], { stdio: 'ignore' });
    await body(port);
  } finally {
    const running = child;
    if (running !== undefined && running.exitCode === null) {
      const exited = new Promise((resolve) => running.once('exit', resolve));
      running.kill('SIGKILL');
      await exited;
    }
    rmSync(dir, { recursive: true, force: true });
  }
}

describe.skipIf(BINARY === undefined)(
  'a replica that a Sentinel promotes (skipped when there is no Redis 7 to start)',
  { timeout: 120_000 },
  () => {
    it('S1, S5: is found by a client of the application, counts on, and is told the halts it missed', async () => {
      await withServers(async (start) => {
        const primary = await start();
        const replica = await start('--replicaof', '127.0.0.1', String(primary.port));
        await vi.waitFor(
          async () => expect(String(await replica.command('INFO', 'replication'))).toContain('master_link_status:up'),
          { timeout: 30_000, interval: 50 },
        );
        await withSentinel(primary, async (port) => {
          const known = new Redis(port, '127.0.0.1', { retryStrategy: () => 100, maxRetriesPerRequest: 100 });
          known.on('error', () => undefined);
          await vi.waitFor(async () => expect(await known.call('SENTINEL', 'REPLICAS', 'main')).toHaveLength(1), {
            timeout: 30_000,
            interval: 100,
          });
          known.disconnect();
          const client = new Redis({
            sentinels: [{ host: '127.0.0.1', port }],
            name: 'main',
            sentinelRetryStrategy: () => 100,
          });
          client.on('error', () => undefined);
          const state = createState({
            store: createRedisStore({ client, deadlineMs: 5000 }),
            deadlineMs: 5000,
            pollMs: 200,
          });
          let events = 0;
          const charge = async () =>
            state.charge({ limits: [{ ...LIMIT, allow: 5 }], event: eventOf(`e${events++}`), shadow: false });
          try {
            await vi.waitFor(async () => expect(await state.ready()).toBeUndefined(), {
              timeout: 30_000,
              interval: 100,
            });
            for (let i = 0; i < 3; i++) expect((await charge()).answers[0]?.exceeded).toBe(false);
            await state.control.halt({ tool: 'refund' }, OPERATOR);
            await vi.waitFor(async () => expect(await replica.command('HLEN', 'flyball:{control}:controls')).toBe(1), {
              timeout: 30_000,
              interval: 20,
            });
            // From here on the replica misses what is written: its primary is where nothing answers.
            await replica.command('REPLICAOF', '127.0.0.1', String(await freePort()));
            await state.control.halt({ tool: 'mail' }, OPERATOR);
            await state.control.resume({ tool: 'refund' }, OPERATOR);
            expect(await replica.command('HLEN', 'flyball:{control}:controls')).toBe(1);
            await primary.kill();

            await vi.waitFor(async () => expect(String(await replica.command('ROLE'))).toContain('master'), {
              timeout: 30_000,
              interval: 100,
            });
            await vi.waitFor(() => expect(state.status().connected).toBe(true), { timeout: 40_000, interval: 50 });
            await vi.waitFor(
              async () => expect((await state.control.list()).map(({ scope }) => scope.tool)).toEqual(['mail']),
              { timeout: 40_000, interval: 100 },
            );
            // What was acknowledged and replicated counts: two of five are left.
            await vi.waitFor(
              async () => {
                const { errors } = await charge();
                expect(errors).toEqual([]);
              },
              { timeout: 30_000, interval: 100 },
            );
          } finally {
            await state.close();
            client.disconnect();
          }
        });
      });
    });
  },
);
