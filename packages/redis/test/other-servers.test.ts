import { Cluster, Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createState } from '../../core/src/state/state.ts';
import { describeStore } from '@flyball/testing/store-suite';
import { createRedisStore } from '../src/index.ts';
import { BINARY, snapshotKeys, SOON, startServer, type Server } from './servers.ts';
import { harnesses } from './store-harness.ts';
import { eventOf, LADDER } from './subjects.ts';

// The suite of stores once more, on servers that are not one plain Redis 7.
const KINDS: readonly {
  name: string;
  options: readonly string[];
  connect: (server: Server) => Promise<Redis | Cluster>;
  readonly database?: number;
}[] = [
  {
    name: 'a server without functions (as before Redis 7, and behind some proxies)',
    options: ['--rename-command', 'FCALL', '', '--rename-command', 'FUNCTION', ''],
    connect: async (server) => ready(new Redis(server.url)),
  },
  {
    name: 'a cluster',
    options: ['--cluster-enabled', 'yes', '--cluster-announce-ip', '127.0.0.1'],
    async connect(server) {
      await server.command('CLUSTER', 'ADDSLOTSRANGE', '0', '16383');
      await vi.waitFor(
        async () => expect(await server.command('CLUSTER', 'INFO')).toContain('cluster_state:ok'),
        10_000,
      );
      return ready(new Cluster([{ host: '127.0.0.1', port: server.port }], { slotsRefreshTimeout: 2000 }));
    },
  },
  {
    name: 'a client with a key prefix and a database of its own',
    options: [],
    database: 3,
    connect: async (server) => ready(new Redis(server.url, { keyPrefix: 'application:', db: 3 })),
  },
];

for (const { name, options, connect, database = 0 } of KINDS) {
  describe.skipIf(BINARY === undefined)(`on ${name} (skipped when there is no Redis 7 to start)`, () => {
    let server: Server;
    let stop: (() => Promise<void>) | undefined;
    let client: Redis | Cluster | undefined;
    beforeAll(async () => {
      ({ server, stop } = await startServer(options));
      client = await connect(server);
    }, 20_000);
    afterAll(async () => {
      try {
        client?.disconnect();
      } finally {
        await stop?.();
      }
    });

    describeStore(
      'redis store',
      harnesses(() => ({
        client: client!,
        deadlineMs: 1000,
        snapshot: (prefix) => snapshotKeys(`${server.url}/${database}`, prefix),
      })),
      { describe, it, expect },
    );

    it('a cooldown reaches another process', async () => {
      const states = [1, 2].map(() =>
        createState({ store: createRedisStore({ client: client!, prefix: 'two:', deadlineMs: 1000 }), pollMs: 200 }),
      );
      const [one, other] = states;
      try {
        await Promise.all(states.map((state) => state.ready()));
        const strikes = [{ ladder: 'abuse', points: 3, rules: [] }];
        await one!.strike({ strikes, ladders: { abuse: LADDER }, event: eventOf('e1'), shadow: false });
        await vi.waitFor(() => expect(other!.cooldownsFor([LADDER], eventOf('e2'), false)).toHaveLength(1), SOON);
      } finally {
        for (const state of states) await state.close();
      }
    });
  });
}

async function ready<T extends Redis | Cluster>(client: T): Promise<T> {
  client.on('error', () => undefined);
  await vi.waitFor(() => expect(client.status).toBe('ready'), SOON);
  return client;
}
