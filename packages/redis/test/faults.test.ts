import { Redis } from 'ioredis';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { describe, expect, it, vi } from 'vitest';
import { createState, type State, type StateOptions } from '../../core/src/state/state.ts';
import { createRedisStore, type RedisStoreOptions } from '../src/index.ts';
import { BINARY, SOON, withServers, type Server } from './servers.ts';
import { eventOf, LADDER, LIMIT } from './subjects.ts';

const OPERATOR = { who: 'ops', why: 'drill' };
const TIMEOUT = { timeout: 90_000 };
let count = 0;
const event = (user?: string): ReturnType<typeof eventOf> => eventOf(`evt ${count++}`, user);

const charge = async (state: State, allow = 1000): Promise<Awaited<ReturnType<State['charge']>>> =>
  state.charge({ limits: [{ ...LIMIT, allow }], event: event(), shadow: false });
const strike = async (state: State, e = event()): Promise<Awaited<ReturnType<State['strike']>>> =>
  state.strike({
    strikes: [{ ladder: 'abuse', points: 1, rules: [] }],
    ladders: { abuse: LADDER },
    event: e,
    shadow: false,
  });
const until = (condition: () => boolean | Promise<boolean>): Promise<void> =>
  vi.waitFor(async () => expect(await condition()).toBe(true), SOON);

/**
 * A state connected to a server, closed at the end. Its deadline is one that only a server which does not answer
 * misses.
 */
async function withState<T>(
  options: RedisStoreOptions,
  body: (state: State) => Promise<T>,
  more: StateOptions = {},
): Promise<T> {
  const state = createState({ store: createRedisStore({ deadlineMs: 5000, ...options }), ...more });
  try {
    await until(() => state.status().connected && state.controlsFor(event()).errors.length === 0);
    return await body(state);
  } finally {
    await state.close();
  }
}

/** Milliseconds a call took, the smallest of the runs: how long it must take, not how busy the machine was. */
async function fastest(runs: number, body: () => Promise<unknown>): Promise<number> {
  let best = Infinity;
  for (let i = 0; i < runs; i++) {
    const from = performance.now();
    await body();
    best = Math.min(best, performance.now() - from);
  }
  return best;
}

describe.skipIf(BINARY === undefined)(
  'faults, each with a redis-server of its own (skipped when there is no Redis 7 to start)',
  () => {
    it(
      'S6: a killed server fails calls within 2 ms, keeps cooldowns and halts, and is told everything when it is back',
      TIMEOUT,
      async () => {
        await withServers(async (start) => {
          const server = await start();
          await withState({ url: server.url }, async (state) => {
            await state.control.halt({ tool: 'refund' }, OPERATOR);
            for (let i = 0; i < 3; i++) await strike(state);
            expect((await charge(state)).errors).toEqual([]);
            await server.kill();
            await until(() => !state.status().connected);

            expect(await fastest(20, () => charge(state))).toBeLessThan(2);
            expect((await charge(state)).errors).toEqual([{ part: 'store', id: 'questions', code: 'UNAVAILABLE' }]);
            expect(state.cooldownsFor([LADDER], event(), false)).toHaveLength(1);
            const struck = event('eve');
            for (let twice = 0; twice < 2; twice++) expect((await strike(state, struck)).errors).toHaveLength(1);
            expect(state.status()).toMatchObject({ queued: 1, lost: 0 });

            await server.restart();
            await until(() => state.status().connected);
            expect(state.status().queued).toBe(0);
            expect((await charge(state)).errors).toEqual([]);
            // The server came back empty: the halt was restored, and the queued strike is the first of three.
            expect((await state.control.list()).map(({ scope }) => scope)).toEqual([{ tool: 'refund' }]);
            expect((await strike(state, event('eve'))).answers[0]?.retryAfterMs).toBe(0);
            expect((await strike(state, event('eve'))).answers[0]?.retryAfterMs).toBe(60_000);
          });
        });
      },
    );

    it(
      'S6: a client that queues while it is offline makes no difference: calls fail within 2 ms',
      TIMEOUT,
      async () => {
        await withServers(async (start) => {
          const server = await start();
          const client = new Redis(server.url, { retryStrategy: () => 50 });
          client.on('error', () => undefined);
          try {
            await withState({ client }, async (state) => {
              expect((await charge(state)).errors).toEqual([]);
              await server.kill();
              await until(() => !state.status().connected);
              expect(await fastest(20, () => charge(state))).toBeLessThan(2);
              const store = createRedisStore({ client });
              const asked = store.charge([
                { key: 't/limit/x', id: 'a', kind: 'count', allow: 1, perMs: 60_000, window: 'sliding' },
              ]);
              await expect(Promise.resolve(asked)).rejects.toMatchObject({ code: 'REDIS_GONE' });
              await server.restart();
              await until(() => state.status().connected);
              // Nothing that was refused is carried out later.
              expect(await server.command('EXISTS', 'flyball:{t}/limit/x:ids')).toBe(0);
            });
          } finally {
            client.disconnect();
          }
        });
      },
    );

    it(
      'S6: a hung server costs an event the deadline, soon nothing, and no strike is lost or counted twice',
      TIMEOUT,
      async () => {
        await withServers(async (start) => {
          const server = await start();
          await withState({ url: server.url, deadlineMs: 250 }, async (state) => {
            await charge(state);
            const struck = event();
            let slowest = Infinity;
            for (let round = 0; round < 3; round++) {
              server.hang();
              const from = performance.now();
              const { errors } = await strike(state, struck);
              slowest = Math.min(slowest, performance.now() - from);
              expect(errors).toEqual([{ part: 'store', id: 'abuse', code: 'TIMEOUT' }]);
              expect(await fastest(20, () => charge(state))).toBeLessThan(2);
              server.wake();
              await until(() => state.status().connected && state.status().queued === 0);
            }
            // Ten times the deadline: timers of a busy machine come late.
            expect(slowest).toBeLessThan(2500);
            expect((await strike(state)).answers[0]?.retryAfterMs).toBe(0);
            expect((await strike(state)).answers[0]?.retryAfterMs).toBe(60_000);
          });
        });
      },
    );

    it.each(['a plain client', 'a client that bounds silence itself'])(
      'S5: %s gives up a connection through which nothing comes, and the application keeps its own',
      TIMEOUT,
      async (kind) => {
        await withServers(async (start) => {
          const server = await start();
          await withDeadEnd(server.port, async (port, die) => {
            // A network that drops what is sent: no answer, and no end either.
            const client = new Redis({
              port,
              host: '127.0.0.1',
              ...(kind === 'a plain client' ? {} : { socketTimeout: 1000 }),
            });
            client.on('error', () => undefined);
            try {
              const state = createState({ store: createRedisStore({ client, deadlineMs: 100 }) });
              await until(() => state.status().connected);
              die();
              await until(() => !state.status().connected);
              // The way is open again, for new connections only.
              await until(() => state.status().connected);
              await state.close();
              expect(client.status).not.toBe('end');
            } finally {
              client.disconnect();
            }
          });
        });
      },
    );

    it(
      'S6: places that were taken there while nobody was answered here are given back at the next contact',
      TIMEOUT,
      async () => {
        await withServers(async (start) => {
          const server = await start();
          await withState({ url: server.url, deadlineMs: 500 }, async (state) => {
            const limits = [{ ...LIMIT, unit: 'in_flight', allow: 5 }];
            const turn = async (): Promise<boolean> => {
              const { answers, errors, held } = await state.charge({ limits, event: event(), shadow: false });
              await state.release(held);
              return errors.length === 0 && answers[0]?.exceeded === false;
            };
            expect(await turn()).toBe(true);
            server.hang();
            expect(await Promise.all(Array.from({ length: 12 }, turn))).toEqual(Array(12).fill(false));
            server.wake();
            await until(() => state.status().connected && state.status().queued === 0);
            expect(await server.command('ZCARD', 'flyball:{acme}/limit/questions/user=bob:ids')).toBe(0);
            expect(await turn()).toBe(true);
          });
        });
      },
    );

    it(
      'S5: while a server hangs, what is known goes stale after `staleAfterMs`, and is fresh again when it answers',
      TIMEOUT,
      async () => {
        await withServers(async (start) => {
          const server = await start();
          await withState(
            { url: server.url },
            async (state) => {
              let told = 0;
              state.onStale(() => told++);
              server.hang();
              await until(() => state.controlsFor(event()).errors[0]?.code === 'STALE');
              await until(() => told === 1);
              server.wake();
              await until(() => state.controlsFor(event()).errors.length === 0);
            },
            { staleAfterMs: 400, pollMs: 100 },
          );
        });
      },
    );

    it('S5: a halt that was never pushed arrives with the next re-read', TIMEOUT, async () => {
      await withServers(async (start) => {
        const server = await start();
        await withState({ url: server.url }, async (one) => {
          await withState({ url: server.url }, async (other) => {
            await server.command('CONFIG', 'SET', 'client-output-buffer-limit', 'pubsub 1 1 1');
            await server.command('CLIENT', 'KILL', 'TYPE', 'pubsub');
            const { inForce: _, ...halt } = await one.control.halt({}, OPERATOR);
            await until(() => other.controlsFor(event()).controls.length === 1);
            expect(other.controlsFor(event()).controls).toEqual([halt]);
          });
        });
      });
    });

    it('a server restarted empty between two calls is given its functions again', TIMEOUT, async () => {
      await withServers(async (start) => {
        const server = await start();
        await withState({ url: server.url }, async (state) => {
          await server.command('FUNCTION', 'FLUSH');
          expect((await charge(state)).errors).toEqual([]);
        });
      });
    });

    it('S1: through a fail-over that loses no acknowledged write, exactly the limit is admitted', TIMEOUT, async () => {
      await withServers(async (start) => {
        const primary = await start();
        const replica = await start(
          '--replicaof',
          '127.0.0.1',
          String(primary.port),
          '--repl-diskless-sync-delay',
          '0',
        );
        await until(async () => String(await replica.command('INFO', 'replication')).includes('master_link_status:up'));
        await withState({ url: primary.url }, async (state) => {
          const { inForce: _, ...halt } = await state.control.halt({ tool: 'refund' }, OPERATOR);
          let admitted = 0;
          const send = async (times: number): Promise<void> => {
            for (let i = 0; i < times; i++) {
              const { answers, errors } = await charge(state, 100);
              if (errors.length === 0 && answers[0]?.exceeded === false) admitted++;
            }
          };
          await send(60);
          // Mid-run: acknowledged by the replica, then the primary dies and the replica takes its place and port.
          await until(
            async () =>
              offset(await replica.command('INFO', 'replication')) >=
              offset(await primary.command('INFO', 'replication')),
          );
          await primary.kill();
          await send(5);
          await replica.command('REPLICAOF', 'NO', 'ONE');
          await replica.command('CONFIG', 'SET', 'port', String(primary.port));
          await until(() => state.status().connected);
          await send(100);
          expect(admitted).toBe(100);
          expect(await state.control.list()).toEqual([halt]);
        });
      });
    });

    it('a read-only replica is named as such, and nothing is lost once there is a primary', TIMEOUT, async () => {
      await withServers(async (start) => {
        const primary = await start();
        const replica = await start(
          '--replicaof',
          '127.0.0.1',
          String(primary.port),
          '--repl-diskless-sync-delay',
          '0',
        );
        await until(async () => String(await replica.command('INFO', 'replication')).includes('master_link_status:up'));
        await expectCode(replica, 'REDIS_READ_ONLY');
        const state = createState({ store: createRedisStore({ url: replica.url, deadlineMs: 5000 }) });
        try {
          expect((await strike(state)).errors).toHaveLength(1);
          // The client leaves it again and again, and no loss of a connection hides why.
          for (let look = 0; look < 10; look++) {
            await new Promise((resolve) => setTimeout(resolve, 100));
            expect(state.status().lastError?.code).toBe('REDIS_READ_ONLY');
          }
          await replica.command('REPLICAOF', 'NO', 'ONE');
          await until(() => state.status().connected && state.status().queued === 0);
          await strike(state);
          expect((await strike(state)).answers[0]?.retryAfterMs).toBe(60_000);
        } finally {
          await state.close();
        }
      });
    });

    it('a server out of memory refuses charges by name, and still takes a halt and hands it on', TIMEOUT, async () => {
      await withServers(async (start) => {
        const server = await start();
        await withState({ url: server.url }, async (state) => {
          await charge(state);
          await server.command('CONFIG', 'SET', 'maxmemory', '1');
          await expectCode(server, 'REDIS_OUT_OF_MEMORY');
          expect((await charge(state)).errors).toEqual([{ part: 'store', id: 'questions', code: 'UNAVAILABLE' }]);
          expect((await strike(state)).errors).toHaveLength(1);
          await state.control.halt({}, OPERATOR);
          await withState({ url: server.url }, async (other) => {
            expect(other.controlsFor(event()).controls).toHaveLength(1);
          });
          expect(state.controlsFor(event()).errors).toEqual([]);
          await server.command('CONFIG', 'SET', 'maxmemory', '0');
          await until(() => state.status().connected && state.status().queued === 0);
          expect((await charge(state)).errors).toEqual([]);
        });
      });
    });

    it('a foreign value under one of our keys is named, and does not hold up anything else', TIMEOUT, async () => {
      await withServers(async (start) => {
        const server = await start();
        await withState({ url: server.url }, async (state) => {
          await server.command('SET', 'flyball:{acme}/ladder/abuse/user=mallory', 'mine');
          const { errors } = await strike(state, event('mallory'));
          expect(errors).toEqual([{ part: 'store', id: 'abuse', code: 'THREW' }]);
          expect(state.status()).toMatchObject({ connected: true, queued: 1 });
          expect((await strike(state)).errors).toEqual([]);
          expect((await state.control.list()).length).toBe(0);
          await server.command('DEL', 'flyball:{acme}/ladder/abuse/user=mallory');
          await until(() => state.status().queued === 0);
        });
      });
    });

    it('a server that wants a password says so', TIMEOUT, async () => {
      await withServers(async (start) => {
        const server = await start();
        const client = new Redis(server.url, { retryStrategy: () => null });
        client.on('error', () => undefined);
        await client.ping();
        await client.config('SET', 'requirepass', 'secret');
        await client.call('RESET');
        const store = createRedisStore({ client });
        await expect(Promise.resolve(store.sync())).rejects.toMatchObject({
          code: 'REDIS_REFUSED',
          failure: 'UNAVAILABLE',
        });
        await store.close();
        client.disconnect();
        const withUrl = createRedisStore({ url: server.url.replace('//', '//:wrong@') });
        await vi.waitFor(
          () => expect(Promise.resolve(withUrl.sync())).rejects.toMatchObject({ code: 'REDIS_REFUSED' }),
          SOON,
        );
        await withUrl.close();
      });
    });
  },
);

describe('servers that cannot be used', () => {
  it('a server without scripts that write after TIME is too old', TIMEOUT, async () => {
    // As Redis 4 answers: no functions, no effects replication.
    await withFakeServer(
      (line) =>
        /^INFO$/i.test(line)
          ? bulk('# Server\r\nredis_version:4.0.14\r\nloading:0\r\n')
          : /^(FCALL|FUNCTION|HELLO|CLIENT)$/i.test(line)
            ? `-ERR unknown command '${line}'\r\n`
            : /^EVAL(SHA)?$/i.test(line)
              ? '-ERR Error running script (call to f_1): @user_script:1: Write commands not allowed after non deterministic commands\r\n'
              : '+OK\r\n',
      async (port) => {
        const store = createRedisStore({ url: `redis://127.0.0.1:${port}` });
        try {
          await vi.waitFor(
            () => expect(Promise.resolve(store.sync())).rejects.toMatchObject({ code: 'REDIS_TOO_OLD' }),
            SOON,
          );
        } finally {
          await store.close();
        }
      },
    );
  });

  it('options that cannot work are refused', () => {
    const code = expect.objectContaining({ code: 'REDIS_OPTIONS' });
    expect(() => createRedisStore({ url: 'redis://127.0.0.1:1', prefix: '{x}' })).toThrow(code);
    expect(() => createRedisStore({} as RedisStoreOptions)).toThrow(code);
    for (const client of [null, 'redis://x', {}, { sendCommand: () => undefined, on: () => undefined }]) {
      expect(() => createRedisStore({ client: client as never })).toThrow(code);
    }
    for (const deadlineMs of [0, -1, Number.NaN, '25' as never]) {
      expect(() => createRedisStore({ url: 'redis://127.0.0.1:1', deadlineMs })).toThrow(code);
    }
    for (const wrong of [{ prefix: 5 }, { prefx: 'mine:' }, { deadlineMS: 5 }]) {
      expect(() => createRedisStore({ url: 'redis://127.0.0.1:1', ...wrong } as never)).toThrow(code);
    }
  });
});

/** A way to a server on which, from `die` on, nothing comes through the connections that are there. New ones work. */
async function withDeadEnd(to: number, body: (port: number, die: () => void) => Promise<void>): Promise<void> {
  const sockets = new Set<Socket>();
  let dead = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(to, '127.0.0.1');
    for (const [from, into] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.on('data', (data) => void (dead.has(from) || into.write(data)));
      from.on('close', () => into.destroy());
      from.on('error', () => undefined);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    await body((server.address() as AddressInfo).port, () => void (dead = new Set(sockets)));
  } finally {
    for (const socket of sockets) socket.destroy();
    server.close();
  }
}

async function expectCode(server: Server, code: string): Promise<void> {
  const store = createRedisStore({ url: server.url });
  try {
    await vi.waitFor(
      () =>
        expect(
          Promise.resolve(
            store.charge([{ key: 't/limit/x', id: 'a', kind: 'count', allow: 1, perMs: 1000, window: 'sliding' }]),
          ),
        ).rejects.toMatchObject({ code }),
      SOON,
    );
  } finally {
    await store.close();
  }
}

function offset(info: unknown): number {
  const text = String(info);
  return Number((/slave_repl_offset:(\d+)/.exec(text) ?? /master_repl_offset:(\d+)/.exec(text))?.[1] ?? 0);
}

const bulk = (text: string): string => `$${text.length}\r\n${text}\r\n`;

/** Speaks just enough RESP to answer each command by its name. */
async function withFakeServer(answer: (name: string) => string, body: (port: number) => Promise<void>): Promise<void> {
  const server = createServer((socket) => {
    let text = '';
    socket.on('error', () => undefined);
    socket.on('data', (data) => {
      text += data.toString();
      for (
        let command = /^\*(\d+)\r\n((?:\$\d+\r\n[^]*?\r\n)*)/.exec(text);
        command !== null;
        command = /^\*(\d+)\r\n/.exec(text)
      ) {
        const parts = /^\*(\d+)\r\n/.exec(text)!;
        const words: string[] = [];
        let at = parts[0].length;
        for (let i = 0; i < Number(parts[1]); i++) {
          const head = /^\$(\d+)\r\n/.exec(text.slice(at));
          if (head === null) return;
          const from = at + head[0].length;
          words.push(text.slice(from, from + Number(head[1])));
          at = from + Number(head[1]) + 2;
        }
        if (at > text.length) return;
        text = text.slice(at);
        socket.write(answer(words[0] ?? ''));
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const address = server.address();
    await body(address !== null && typeof address === 'object' ? address.port : 0);
  } finally {
    server.close();
  }
}
