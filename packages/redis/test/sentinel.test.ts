import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { describeStore } from '@flyball/testing/store-suite';
import { createState } from '../../core/src/state/state.ts';
import { createRedisStore } from '../src/index.ts';
import { BINARY, freePort, snapshotKeys, startServer, withServers, type Server } from './servers.ts';
import { harnesses } from './store-harness.ts';
import { eventOf, LIMIT } from './subjects.ts';

// A sentinel of our own watches a primary and its replica. The primary is killed; the replica is promoted, and has or
// has not every write.

const OPERATOR = { who: 'ops', why: 'drill' };
// `FLYBALL_REPETITIONS=20` runs the full number.
const REPETITIONS = Number(process.env['FLYBALL_REPETITIONS'] ?? 1);
const LATER = { timeout: 30_000, interval: 100 } as const;

interface Sentinel {
  readonly port: number;
  readonly stop: () => Promise<void>;
}

async function startSentinel(primary: Server): Promise<Sentinel> {
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
  const child = spawn(BINARY!, [file, '--sentinel'], { stdio: 'ignore' });
  return {
    port,
    async stop() {
      if (child.exitCode === null && child.signalCode === null) {
        const exited = new Promise((resolve) => child.once('exit', resolve));
        child.kill('SIGKILL');
        await exited;
      }
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

async function withSentinel(primary: Server, body: (port: number) => Promise<void>): Promise<void> {
  const sentinel = await startSentinel(primary);
  try {
    await body(sentinel.port);
  } finally {
    await sentinel.stop();
  }
}

/** The sentinel knows who can take over, and the replica has all there is. */
async function replicated(port: number, replica: Server): Promise<void> {
  await vi.waitFor(
    async () => expect(String(await replica.command('INFO', 'replication'))).toContain('master_link_status:up'),
    LATER,
  );
  const asking = new Redis(port, '127.0.0.1', { retryStrategy: () => 100, maxRetriesPerRequest: 100 });
  asking.on('error', () => undefined);
  try {
    await vi.waitFor(async () => expect(await asking.call('SENTINEL', 'REPLICAS', 'main')).toHaveLength(1), LATER);
  } finally {
    asking.disconnect();
  }
}

function clientBehind(port: number): Redis {
  const sentinels = [{ host: '127.0.0.1', port }];
  const client = new Redis({ sentinels, name: 'main', sentinelRetryStrategy: () => 100 });
  client.on('error', () => undefined);
  return client;
}

const promoted = async (replica: Server): Promise<void> =>
  vi.waitFor(async () => expect(String(await replica.command('ROLE'))).toContain('master'), LATER);

describe.skipIf(BINARY === undefined)(
  'behind a Sentinel that has promoted a replica (skipped when there is no Redis 7 to start)',
  () => {
    const stops: (() => Promise<void>)[] = [];
    let replica: Server;
    let client: Redis;
    beforeAll(async () => {
      const primary = await startServer([]);
      stops.push(primary.stop);
      const second = await startServer(['--replicaof', '127.0.0.1', String(primary.server.port)]);
      stops.push(second.stop);
      replica = second.server;
      const sentinel = await startSentinel(primary.server);
      stops.push(sentinel.stop);
      await replicated(sentinel.port, replica);
      client = clientBehind(sentinel.port);
      await vi.waitFor(() => expect(client.status).toBe('ready'), LATER);
      await primary.server.kill();
      await promoted(replica);
      await vi.waitFor(() => expect([client.status, client.stream.remotePort]).toEqual(['ready', replica.port]), LATER);
    }, 120_000);
    afterAll(async () => {
      try {
        client.disconnect();
      } finally {
        for (const stop of stops) await stop();
      }
    }, 180_000);

    describeStore(
      'redis store',
      harnesses(() => ({
        client,
        deadlineMs: 5000,
        snapshot: (prefix) => snapshotKeys(replica.url, prefix),
        ready: (store) => vi.waitFor(() => store.sync(), LATER),
      })),
      { describe, it, expect },
    );
  },
);

describe.skipIf(BINARY === undefined)(
  'a replica that a Sentinel promotes (skipped when there is no Redis 7 to start)',
  { timeout: 120_000 },
  () => {
    it.each(Array.from({ length: REPETITIONS }, (_, run) => run))(
      'S1, S5: is found by a client of the application, counts on, and is told the halts it missed (%i)',
      async () => {
        await withServers(async (start) => {
          const primary = await start();
          const replica = await start('--replicaof', '127.0.0.1', String(primary.port));
          await withSentinel(primary, async (port) => {
            await replicated(port, replica);
            const client = clientBehind(port);
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
              await vi.waitFor(
                async () => expect(await replica.command('HLEN', 'flyball:{control}:controls')).toBe(1),
                {
                  timeout: 30_000,
                  interval: 20,
                },
              );
              // From here on the replica misses what is written: its primary is where nothing answers.
              await replica.command('REPLICAOF', '127.0.0.1', String(await freePort()));
              await state.control.halt({ tool: 'mail' }, OPERATOR);
              await state.control.resume({ tool: 'refund' }, OPERATOR);
              expect(await replica.command('HLEN', 'flyball:{control}:controls')).toBe(1);
              await primary.kill();

              await promoted(replica);
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
      },
    );
  },
);
