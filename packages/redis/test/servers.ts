import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';

/** How long a test waits for what must come: it waits for conditions, and a busy machine may be late. */
export const SOON = { timeout: 20_000, interval: 10 } as const;

/** A redis-server of a test's own, to be killed, stopped and restarted. */
export interface Server {
  readonly port: number;
  readonly url: string;
  kill(): Promise<void>;
  /** SIGSTOP: connections stay open and nothing answers. */
  hang(): void;
  wake(): void;
  /** Starts it again on the same port: empty, or with the last snapshot that `SAVE` wrote. */
  restart(): Promise<void>;
  command(...args: readonly [string, ...string[]]): Promise<unknown>;
}

const BINARIES = ['redis-server', 'valkey-server'];

/**
 * The server binary on this machine, if there is one of version 7 or newer: older ones lack commands that the tests
 * use.
 */
export const BINARY: string | undefined = BINARIES.find((name) => {
  const { status, stdout } = spawnSync(name, ['--version'], { encoding: 'utf8' });
  return status === 0 && Number(/v=(\d+)\./.exec(stdout)?.[1]) >= 7;
});

/** Starts servers for one test and stops every one of them at its end, whatever happened. */
export async function withServers<T>(
  body: (start: (...args: readonly string[]) => Promise<Server>) => Promise<T>,
): Promise<T> {
  const stops: (() => Promise<void>)[] = [];
  try {
    return await body(async (...args) => {
      const { server, stop } = await startServer(args);
      stops.push(stop);
      return server;
    });
  } finally {
    for (const stop of stops) await stop();
  }
}

/** One server; whoever starts it stops it. */
export async function startServer(args: readonly string[]): Promise<{ server: Server; stop: () => Promise<void> }> {
  if (BINARY === undefined) throw new Error('no Redis 7 on this machine');
  const binary = BINARY;
  const port = await freePort();
  const dir = mkdtempSync(join(tmpdir(), 'flyball-redis-'));
  let child: ChildProcess | undefined;

  async function run(): Promise<void> {
    const options = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', dir];
    child = spawn(binary, [...options, ...args], { stdio: 'ignore' });
    await answering(port);
  }

  async function kill(): Promise<void> {
    const running = child;
    child = undefined;
    if (running === undefined || running.exitCode !== null || running.signalCode !== null) return;
    const exited = new Promise((resolve) => running.once('exit', resolve));
    running.kill('SIGKILL');
    await exited;
  }

  await run();
  const server: Server = {
    port,
    url: `redis://127.0.0.1:${port}`,
    kill,
    hang: () => void child?.kill('SIGSTOP'),
    wake: () => void child?.kill('SIGCONT'),
    restart: run,
    async command(...[name, ...rest]) {
      const client = new Redis(port, '127.0.0.1', { maxRetriesPerRequest: 1 });
      try {
        return await client.call(name, ...rest);
      } finally {
        client.disconnect();
      }
    },
  };
  return {
    server,
    async stop() {
      await kill();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

async function answering(port: number): Promise<void> {
  const client = new Redis(port, '127.0.0.1', { retryStrategy: () => 20, maxRetriesPerRequest: 250 });
  client.on('error', () => undefined);
  try {
    await client.ping();
  } finally {
    client.disconnect();
  }
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() =>
        address !== null && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
}

const SHARED_URL = process.env['REDIS_URL'] ?? 'redis://127.0.0.1:6379';

/** The Redis that answers already, for tests that only need one; every test takes a prefix of its own. */
export async function sharedRedis(): Promise<string | undefined> {
  const client = new Redis(SHARED_URL, { retryStrategy: () => null, connectTimeout: 500, maxRetriesPerRequest: 0 });
  client.on('error', () => undefined);
  try {
    return (await client.ping()) === 'PONG' ? SHARED_URL : undefined;
  } catch {
    return undefined;
  } finally {
    client.disconnect();
  }
}

let prefixes = 0;

export function freshPrefix(): string {
  return `flyball-test:${process.pid}.${Date.now().toString(36)}.${prefixes++}:`;
}

/** Removes what a test left under its prefix. */
export async function removeKeys(url: string, prefix: string): Promise<void> {
  const client = new Redis(url);
  try {
    for await (const keys of client.scanStream({ match: `${prefix}*`, count: 1000 }) as AsyncIterable<string[]>) {
      if (keys.length > 0) await client.unlink(...keys);
    }
  } finally {
    client.disconnect();
  }
}

async function withClient<T>(url: string, body: (client: Redis) => Promise<T>): Promise<T> {
  const client = new Redis(url);
  try {
    return await body(client);
  } finally {
    client.disconnect();
  }
}

/**
 * Keeps everything under a prefix, and answers how to put it back: what a server does that restarts from its last
 * snapshot; or into another server.
 */
export async function snapshotKeys(url: string, prefix: string): Promise<(into?: string) => Promise<void>> {
  const kept = await withClient(url, async (client) =>
    Promise.all(
      (await client.keys(`*${prefix}*`)).map(
        async (key) => [key, await client.pttl(key), await client.dumpBuffer(key)] as const,
      ),
    ),
  );
  return (into = url) =>
    withClient(into, async (client) => {
      // At once, as a server does it: nobody sees a part of it. In a cluster at least what lies in one slot.
      const slots = new Map<string, ReturnType<Redis['multi']>>();
      const slotOf = (key: string): ReturnType<Redis['multi']> => {
        const tag = /\{(.*?)\}/.exec(key)?.[1] ?? key;
        const slot = slots.get(tag) ?? client.multi();
        slots.set(tag, slot);
        return slot;
      };
      for (const key of await client.keys(`*${prefix}*`)) slotOf(key).del(key);
      for (const [key, ttl, value] of kept) slotOf(key).restore(key, Math.max(0, ttl), value, 'REPLACE');
      for (const slot of slots.values()) {
        for (const [error] of (await slot.exec()) ?? []) if (error !== null) throw error;
      }
    });
}
