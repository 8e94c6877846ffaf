import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Store } from '@flyball/core/store';
import { createPostgresStore } from '@flyball/postgres';
import { createRedisStore } from '@flyball/redis';
import { Cluster, Redis } from 'ioredis';
import { snapshotTables } from '../../../packages/postgres/test/databases.ts';
import { proxyTo, type Proxy } from '../../../packages/postgres/test/proxy.ts';
import { BINARY, freePort, snapshotKeys, startServer, type Server } from '../../../packages/redis/test/servers.ts';
import { ownPostgres } from './own-postgres.ts';
import { until } from './until.ts';

/** Servers that a drill does things to, and a network in front of them that can fail as well. */
export interface Site {
  /** A store on them, through that network or past it. Those of one `space` share their state. */
  open(space: string, deadlineMs: number, through: 'network' | 'direct'): Store;
  readonly network: readonly Proxy[];
  kill(): Promise<void>;
  /** What brings the state back: the servers again, or another that takes their place. */
  revive(): Promise<void>;
  hang(): void;
  wake(): void;
  /** Keeps the state of a space, and answers how to put it back. */
  snapshot(space: string): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

/** Nothing that is acknowledged is lost with the process. */
const DURABLE = ['--appendonly', 'yes', '--appendfsync', 'always'];
const portOf = (url: string): number => Number(new URL(url).port);

/** A client that the store does not close: it is closed with the site. */
function clients(): { readonly keep: <C extends Redis | Cluster>(client: C) => C; readonly close: () => void } {
  const open: (Redis | Cluster)[] = [];
  return {
    keep(client) {
      client.on('error', () => undefined);
      open.push(client);
      return client;
    },
    close: () => open.forEach((client) => client.disconnect()),
  };
}

export async function redisSite(): Promise<Site> {
  const { server, stop } = await startServer(DURABLE);
  const network = await proxyTo(server.url);
  return {
    open: (space, deadlineMs, through) =>
      createRedisStore({ url: through === 'network' ? network.url : server.url, prefix: `${space}:`, deadlineMs }),
    network: [network],
    kill: () => server.kill(),
    revive: () => server.restart(),
    hang: () => server.hang(),
    wake: () => server.wake(),
    snapshot: (space) => snapshotKeys(server.url, `${space}:`),
    async close() {
      await network.close();
      await stop();
    },
  };
}

export async function clusterSite(): Promise<Site> {
  const started = await Promise.all(
    [1, 2, 3].map(() =>
      startServer([
        ...DURABLE,
        '--cluster-enabled',
        'yes',
        '--cluster-announce-ip',
        '127.0.0.1',
        '--cluster-node-timeout',
        '30000',
      ]),
    ),
  );
  const servers = started.map(({ server }) => server);
  const whole = async (): Promise<boolean> => {
    const infos = await Promise.all(servers.map(async (server) => String(await server.command('CLUSTER', 'INFO'))));
    return infos.every((info) => info.includes('cluster_state:ok') && info.includes('cluster_known_nodes:3'));
  };
  for (const [i, server] of servers.entries()) {
    await server.command('CLUSTER', 'ADDSLOTSRANGE', String(i * 5461), String(i === 2 ? 16_383 : (i + 1) * 5461 - 1));
    await server.command('CLUSTER', 'SET-CONFIG-EPOCH', String(i + 1));
  }
  for (const other of servers.slice(1)) await servers[0]!.command('CLUSTER', 'MEET', '127.0.0.1', String(other.port));
  await until(whole);
  const network = await Promise.all(servers.map(({ url }) => proxyTo(url)));
  const natMap = Object.fromEntries(
    servers.map(({ port }, i) => [`127.0.0.1:${port}`, { host: '127.0.0.1', port: portOf(network[i]!.url) }]),
  );
  const { keep, close } = clients();
  return {
    open(space, deadlineMs, through) {
      const seeds = (through === 'network' ? network : servers).map(({ url }) => ({
        host: '127.0.0.1',
        port: portOf(url),
      }));
      const options = { slotsRefreshTimeout: 5000, clusterRetryStrategy: () => 200 };
      const client = keep(new Cluster(seeds, through === 'network' ? { ...options, natMap } : options));
      return createRedisStore({ client, prefix: `${space}:`, deadlineMs });
    },
    network,
    kill: async () => void (await Promise.all(servers.map((server) => server.kill()))),
    async revive() {
      await Promise.all(servers.map((server) => server.restart()));
      await until(whole);
    },
    hang: () => servers.forEach((server) => server.hang()),
    wake: () => servers.forEach((server) => server.wake()),
    async snapshot(space) {
      const back = await Promise.all(servers.map(({ url }) => snapshotKeys(url, `${space}:`)));
      return async () => void (await Promise.all(back.map((restore) => restore())));
    },
    async close() {
      close();
      for (const proxy of network) await proxy.close();
      for (const { stop } of started) await stop();
    },
  };
}

/** A primary, its replica, and a sentinel that promotes it. */
export async function sentinelSite(): Promise<Site> {
  const first = await startServer(DURABLE);
  const second = await startServer([...DURABLE, '--replicaof', '127.0.0.1', String(first.server.port)]);
  const servers: readonly Server[] = [first.server, second.server];
  await until(async () => String(await second.server.command('INFO', 'replication')).includes('master_link_status:up'));
  const dir = mkdtempSync(join(tmpdir(), 'flyball-sentinel-'));
  const port = await freePort();
  const file = join(dir, 'sentinel.conf');
  writeFileSync(
    file,
    [
      ...[`port ${port}`, 'bind 127.0.0.1', `dir ${dir}`, `sentinel monitor main 127.0.0.1 ${first.server.port} 1`],
      // Long enough for a busy machine not to be taken for a dead one.
      ...['sentinel down-after-milliseconds main 3000', 'sentinel failover-timeout main 6000', ''],
    ].join('\n'),
  );
  const sentinel = spawn(BINARY!, [file, '--sentinel'], { stdio: 'ignore' });
  const asked = new Redis(port, '127.0.0.1', { retryStrategy: () => 100, maxRetriesPerRequest: 200 });
  asked.on('error', () => undefined);
  await until(async () => ((await asked.call('SENTINEL', 'REPLICAS', 'main')) as unknown[]).length === 1);
  const network = await Promise.all(servers.map(({ url }) => proxyTo(url)));
  const natMap = Object.fromEntries(
    servers.map((server, i) => [`127.0.0.1:${server.port}`, { host: '127.0.0.1', port: portOf(network[i]!.url) }]),
  );
  const primary = async (): Promise<Server> => {
    const [, at] = (await asked.call('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', 'main')) as string[];
    return servers.find((server) => String(server.port) === at)!;
  };
  let down: Server | undefined;
  const { keep, close } = clients();
  return {
    open(space, deadlineMs, through) {
      const options = { sentinels: [{ host: '127.0.0.1', port }], name: 'main', sentinelRetryStrategy: () => 200 };
      const client = keep(new Redis(through === 'network' ? { ...options, natMap } : options));
      return createRedisStore({ client, prefix: `${space}:`, deadlineMs });
    },
    network,
    async kill() {
      down = await primary();
      const dying = down;
      // What is acknowledged is on the replica: nothing is lost with the primary.
      await until(async () => Number(await dying.command('WAIT', '1', '1000')) === 1);
      await dying.kill();
    },
    async revive() {
      await until(async () => (await primary()) !== down);
      const promoted = await primary();
      await until(async () => String(await promoted.command('ROLE')).startsWith('master'));
      // The old one comes back as a replica, and is the one that takes over the next time.
      await down!.restart();
      await until(async () => String(await down!.command('INFO', 'replication')).includes('master_link_status:up'));
    },
    hang: () => servers.forEach((server) => server.hang()),
    wake: () => servers.forEach((server) => server.wake()),
    snapshot: async (space) => snapshotKeys((await primary()).url, `${space}:`),
    async close() {
      close();
      asked.disconnect();
      const ended = new Promise((resolve) => sentinel.once('exit', resolve));
      sentinel.kill('SIGKILL');
      await ended;
      rmSync(dir, { recursive: true, force: true });
      for (const proxy of network) await proxy.close();
      for (const { stop } of [first, second]) await stop();
    },
  };
}

export async function postgresSite(): Promise<Site> {
  const server = await ownPostgres();
  const network = await proxyTo(server.url);
  return {
    open: (space, deadlineMs, through) =>
      createPostgresStore({ url: through === 'network' ? network.url : server.url, schema: space, deadlineMs }),
    network: [network],
    kill: () => server.kill(),
    revive: () => server.start(),
    hang: () => server.hang(),
    wake: () => server.wake(),
    snapshot: (space) => snapshotTables(server.url, space),
    async close() {
      await network.close();
      await server.close();
    },
  };
}
