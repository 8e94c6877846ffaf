import { Cluster } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createState } from '../../core/src/state/state.ts';
import { describeStore } from '@flyball/testing/store-suite';
import { createRedisStore } from '../src/index.ts';
import { BINARY, snapshotKeys, SOON, startServer, type Server } from './servers.ts';
import { harnesses } from './store-harness.ts';
import { eventOf, LADDER } from './subjects.ts';

// Three masters, a third of the slots each: what belongs to one tenant lies on one of them, and what all share on
// another.

/** Shorter than the time after which a store asks again. */
const SOON_EACH = { timeout: 8000, interval: 20 } as const;

const SLOTS = [
  [0, 5460],
  [5461, 10_922],
  [10_923, 16_383],
] as const;

/** Masters that know each other, and what stops them. */
async function startCluster(): Promise<{ servers: readonly Server[]; stop: () => Promise<void> }> {
  const started = await Promise.all(
    SLOTS.map(() => startServer(['--cluster-enabled', 'yes', '--cluster-announce-ip', '127.0.0.1'])),
  );
  const servers = started.map(({ server }) => server);
  const stop = async (): Promise<void> => {
    for (const one of started) await one.stop();
  };
  try {
    for (const [i, server] of servers.entries()) {
      const [from, to] = SLOTS[i]!;
      await server.command('CLUSTER', 'ADDSLOTSRANGE', String(from), String(to));
      await server.command('CLUSTER', 'SET-CONFIG-EPOCH', String(i + 1));
    }
    for (const other of servers.slice(1)) await servers[0]!.command('CLUSTER', 'MEET', '127.0.0.1', String(other.port));
    await vi.waitFor(
      async () => {
        for (const server of servers) {
          const info = String(await server.command('CLUSTER', 'INFO'));
          expect(info).toContain('cluster_state:ok');
          expect(info).toContain('cluster_known_nodes:3');
        }
      },
      { timeout: 60_000, interval: 100 },
    );
    return { servers, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

describe.skipIf(BINARY === undefined)(
  'on a cluster of three masters (skipped when there is no Redis 7 to start)',
  () => {
    let servers: readonly Server[] = [];
    let stop: (() => Promise<void>) | undefined;
    let client: Cluster;
    beforeAll(async () => {
      ({ servers, stop } = await startCluster());
      client = new Cluster(
        servers.map(({ port }) => ({ host: '127.0.0.1', port })),
        { slotsRefreshTimeout: 2000 },
      );
      client.on('error', () => undefined);
      await vi.waitFor(() => expect(client.status).toBe('ready'), SOON);
    }, 90_000);
    afterAll(async () => {
      try {
        client.disconnect();
      } finally {
        await stop?.();
      }
    });

    describeStore(
      'redis store',
      harnesses(() => ({
        client,
        deadlineMs: 5000,
        async snapshot(prefix) {
          const back = await Promise.all(servers.map(({ url }) => snapshotKeys(url, prefix)));
          return async () => {
            for (const restore of back) await restore();
          };
        },
      })),
      { describe, it, expect },
    );

    it('S5: each master that may forget halts is warned of, whichever it is', { timeout: 180_000 }, async () => {
      for (const server of servers) {
        const set = async (policy: string): Promise<void> => {
          await server.command('CONFIG', 'SET', 'maxmemory', '500mb');
          await server.command('CONFIG', 'SET', 'maxmemory-policy', policy);
        };
        await set('allkeys-lru');
        // Asked once when it is made: three stores ask three times.
        for (let i = 0; i < 3; i++) {
          const store = createRedisStore({ client, prefix: 'warned:', deadlineMs: 5000 });
          try {
            await vi.waitFor(
              () => expect(store.warning?.()).toContain('`maxmemory-policy` is `allkeys-lru`'),
              SOON_EACH,
            );
          } finally {
            await store.close();
          }
        }
        await set('noeviction');
      }
    });

    it('S1: tenants are spread over the masters, and one tenant is on one', { timeout: 180_000 }, async () => {
      const store = createRedisStore({ client, prefix: 'spread:', deadlineMs: 5000 });
      try {
        await vi.waitFor(() => store.sync(), SOON);
        for (let i = 0; i < 30; i++) {
          for (const user of ['a', 'b', 'c']) {
            const terms = { kind: 'count', allow: 1, perMs: 60_000, window: 'sliding' } as const;
            const [answer] = await store.charge([{ ...terms, key: `t${i}/limit/q/user=${user}`, id: 'x' }]);
            expect(answer?.fresh).toBe(true);
          }
        }
        const keys = await Promise.all(
          servers.map(async (server) => (await server.command('KEYS', 'spread:{t*')) as string[]),
        );
        const tenants = keys.map((some) => new Set(some.map((key) => /\{(t\d+)\}/.exec(key)?.[1])));
        expect(keys.flat()).toHaveLength(90);
        expect(tenants.every(({ size }) => size > 0)).toBe(true);
        expect(tenants.reduce((sum, { size }) => sum + size, 0)).toBe(30);
      } finally {
        await store.close();
      }
    });

    it(
      'S5: cooldowns, lifts and halts reach another process, wherever their tenant lies',
      { timeout: 180_000 },
      async () => {
        const open = () =>
          createState({
            store: createRedisStore({ client, prefix: 'two:', deadlineMs: 5000 }),
            pollMs: 200,
            deadlineMs: 5000,
          });
        const [one, other] = [open(), open()];
        const strikes = [{ ladder: 'abuse', points: 3, rules: [] }];
        const cooling = (tenant: string) => {
          const event = eventOf('e');
          return other.cooldownsFor([LADDER], { ...event, subject: { ...event.subject, tenant } }, false).length;
        };
        const tenants = ['acme', 'globex', 'initech', 'umbrella', 'hooli'];
        try {
          await Promise.all([one.ready(), other.ready()]);
          for (const [i, tenant] of tenants.entries()) {
            const event = eventOf(`e${i}`);
            const struck = { ...event, subject: { ...event.subject, tenant } };
            await one.strike({ strikes, ladders: { abuse: LADDER }, event: struck, shadow: false });
          }
          await vi.waitFor(() => expect(tenants.map(cooling)).toEqual([1, 1, 1, 1, 1]), SOON);
          for (const { key } of await one.subjects.cooling()) {
            await one.subjects.amend({ op: 'lift', key, ladder: LADDER, cause: 'olga' });
          }
          await vi.waitFor(() => expect(tenants.map(cooling)).toEqual([0, 0, 0, 0, 0]), SOON);
          const { inForce } = await one.control.halt({}, { who: 'ops', why: 'drill', waitFor: 'all', waitMs: 10_000 });
          expect(inForce).toEqual({ processes: 2, of: 2 });
        } finally {
          await Promise.all([one.close(), other.close()]);
        }
      },
    );

    // Last: the cluster does not come back from it as it was.
    it(
      'S6: with one master gone its tenants fail by themselves, and the others are counted',
      { timeout: 90_000 },
      async () => {
        const store = createRedisStore({ client, prefix: 'gone:', deadlineMs: 5000, backgroundTimeoutMs: 5000 });
        const terms = { kind: 'count', allow: 1000, perMs: 60_000, window: 'sliding' } as const;
        const charge = async (tenant: string): Promise<string> => {
          try {
            const [answer] = await store.charge([{ ...terms, key: `${tenant}/limit/q`, id: crypto.randomUUID() }]);
            return answer!.fresh ? 'counted' : 'refused';
          } catch (error) {
            return (error as { code: string }).code;
          }
        };
        try {
          await vi.waitFor(() => store.sync(), SOON);
          const tenants = Array.from({ length: 12 }, (_, i) => `t${i}`);
          expect(new Set(await Promise.all(tenants.map(charge)))).toEqual(new Set(['counted']));
          // Without this a cluster refuses everything once a part of it is gone.
          for (const server of servers) await server.command('CONFIG', 'SET', 'cluster-require-full-coverage', 'no');
          await servers[2]!.kill();
          const found = await Promise.all(tenants.map(charge));
          expect(found.filter((one) => one === 'counted').length).toBeGreaterThan(0);
          expect(found.filter((one) => one !== 'counted').length).toBeGreaterThan(0);
          for (const one of found) {
            expect(['counted', 'REDIS_GONE', 'REDIS_NOT_READY', 'STORE_TIMEOUT']).toContain(one);
          }
        } finally {
          await store.close();
        }
      },
    );
  },
);
