import { Redis } from 'ioredis';
import { Redis as Redis5 } from 'ioredis-5';
import { createClient } from 'redis';
import { createClient as createClient5, createCluster as createCluster5 } from 'redis-5';
import { describe, expect, it, vi } from 'vitest';
import type { Store } from '@flyball/core/store';
import { describeStore } from '@flyball/testing/store-suite';
import { createRedisStore, type RedisClient } from '../src/index.ts';
import { createStore } from '../src/redis-store.ts';
import { BINARY, freshPrefix, removeKeys, sharedRedis, snapshotKeys, SOON, withServers } from './servers.ts';

// The suite of stores, and what only a connection shows, with the clients that applications have.

/**
 * A client as an application has it: never told how long to wait, and given to the store before it is connected or
 * after.
 */
const CLIENTS: { readonly [name: string]: (url: string) => { client: RedisClient; end: () => unknown } } = {
  'ioredis 5'(url) {
    const client = new Redis5(url);
    client.on('error', () => undefined);
    return { client, end: () => client.disconnect() };
  },
  'ioredis 6'(url) {
    const client = new Redis(url);
    client.on('error', () => undefined);
    return { client, end: () => client.disconnect() };
  },
  'node-redis 5'(url) {
    const client = createClient5({ url });
    client.on('error', () => undefined);
    void client.connect().catch(() => undefined);
    return { client, end: () => client.destroy() };
  },
  'node-redis 6, not connected': (url) => ({
    client: createClient({ url }),
    end: () => undefined,
  }),
};

const url = await sharedRedis();
const CHARGE = { key: 'acme/limit/q', kind: 'count', allow: 1000, perMs: 60_000, window: 'sliding' } as const;

for (const [name, make] of Object.entries(CLIENTS)) {
  describe.skipIf(url === undefined)(`with ${name}, on the Redis at REDIS_URL (skipped when none answers)`, () => {
    describeStore(
      'redis store',
      () => {
        const prefix = freshPrefix();
        let time = 1_795_300_000_000;
        const { client, end } = make(url!);
        const opened: Store[] = [];
        return {
          async open() {
            const store = createStore({ client, prefix, deadlineMs: 5000, backgroundTimeoutMs: 5000 }, () => time);
            opened.push(store);
            await store.sync();
            return store;
          },
          advance: (ms) => void (time += ms),
          snapshot: () => snapshotKeys(url!, prefix),
          async close() {
            for (const store of opened) await store.close();
            await end();
            await removeKeys(url!, prefix);
          },
        };
      },
      { describe, it, expect },
    );
  });

  describe.skipIf(BINARY === undefined)(
    `with ${name}, when the server fails (skipped when there is no Redis 7 to start)`,
    { timeout: 90_000 },
    () => {
      it('S6: a killed server fails calls at once, and works again when it is back, pushes too', async () => {
        await withServers(async (start) => {
          const server = await start();
          const { client, end } = make(server.url);
          const store = createRedisStore({ client, deadlineMs: 20_000 });
          const said: string[] = [];
          store.subscribe(({ kind }) => void said.push(kind));
          try {
            await store.sync();
            await vi.waitFor(() => expect(said).toContain('connected'), SOON);
            await server.kill();
            await vi.waitFor(() => expect(said).toContain('lost'), SOON);
            const from = performance.now();
            await expect((async () => store.charge([{ ...CHARGE, id: 'a' }]))()).rejects.toMatchObject({
              ...{ code: 'REDIS_GONE', failure: 'UNAVAILABLE' },
            });
            // Not after its deadline of twenty seconds.
            expect(performance.now() - from).toBeLessThan(10_000);
            await server.restart();
            await vi.waitFor(async () => expect((await store.charge([{ ...CHARGE, id: 'a' }]))[0]?.fresh).toBe(true), {
              ...SOON,
            });
            await vi.waitFor(
              async () => {
                said.length = 0;
                await store.control({
                  op: 'set',
                  control: { id: crypto.randomUUID(), kind: 'halt', scope: {}, who: 'ops', why: 'drill' },
                });
                await vi.waitFor(() => expect(said).toContain('control'), 2000);
              },
              { timeout: 30_000, interval: 50 },
            );
          } finally {
            await store.close();
            await end();
          }
        });
      });

      it('S6: a server that hangs is given up: our deadline fires, and then the connection goes', async () => {
        await withServers(async (start) => {
          const server = await start();
          const { client, end } = make(server.url);
          const store = createRedisStore({ client, deadlineMs: 50, backgroundTimeoutMs: 100 });
          const said: string[] = [];
          store.subscribe(({ kind }) => void said.push(kind));
          try {
            await vi.waitFor(() => store.sync(), SOON);
            server.hang();
            await expect((async () => store.charge([{ ...CHARGE, id: 'a' }]))()).rejects.toMatchObject({
              code: 'STORE_TIMEOUT',
            });
            await vi.waitFor(() => expect(said).toContain('lost'), SOON);
            server.wake();
            await vi.waitFor(() => store.sync(), SOON);
          } finally {
            server.wake();
            await store.close();
            await end();
          }
        });
      });
    },
  );
}

describe.skipIf(url === undefined)('what is asked together (skipped when no Redis answers)', () => {
  it.each([
    ['ioredis 5', () => new Redis5(url!, { socketTimeout: 60_000 })],
    ['ioredis 6', () => new Redis(url!, { socketTimeout: 60_000 })],
  ])('leaves in one write with %s, and every call has its own answer', async (_, make) => {
    const prefix = freshPrefix();
    const client = make();
    const store = createRedisStore({ client, prefix, deadlineMs: 10_000 });
    const ids = Array.from({ length: 50 }, (__, i) => `e${i}`);
    const charge = async (id: string): Promise<boolean> =>
      (await store.charge([{ ...CHARGE, allow: 20, id }]))[0]!.fresh;
    try {
      await store.sync();
      await charge('first');
      const stream = client.stream as typeof client.stream & { _writev: () => void; _write: () => void };
      const writes = [vi.spyOn(stream, '_writev'), vi.spyOn(stream, '_write')];
      const fresh = await Promise.all(ids.map(charge));
      expect(fresh).toEqual(ids.map((__, i) => i < 19));
      expect(writes.reduce((sum, { mock }) => sum + mock.calls.length, 0)).toBe(1);
      // Alone, a call waits for nobody.
      expect(await charge('last')).toBe(false);
    } finally {
      await store.close();
      client.disconnect();
      await removeKeys(url!, prefix);
    }
  });
});

describe('what is no client', () => {
  it.each([
    ['nothing of the kind', {}],
    ['a cluster of node-redis', createCluster5({ rootNodes: [] })],
    ['a method short', Object.assign(createClient(), { sendCommand: undefined })],
  ])('is refused with what to give instead: %s', (_, client) => {
    expect(() => createRedisStore({ client: client as never })).toThrow('give a `Redis` or `Cluster` of ioredis');
  });
});

describe.skipIf(BINARY === undefined)(
  'permissions (skipped when there is no Redis 7 to start)',
  { timeout: 180_000 },
  () => {
    it.each([
      ['neither call nor load functions', ['-fcall', '-function']],
      ['call functions and load none', ['-function']],
    ])('of a user who may %s: scripts are used', async (_, without) => {
      await withServers(async (start) => {
        const server = await start();
        await server.command('ACL', 'SETUSER', 'app', 'on', '>secret', '~flyball:*', '&flyball:*', '+@all', ...without);
        const store = createRedisStore({ url: server.url.replace('//', '//app:secret@'), deadlineMs: 5000 });
        try {
          await vi.waitFor(() => store.sync(), SOON);
          expect((await store.charge([{ ...CHARGE, id: 'a' }]))[0]?.fresh).toBe(true);
        } finally {
          await store.close();
        }
      });
    });
  },
);
