// What state costs with much of it on the server: halts among ten thousand controls, a start with a hundred thousand
// cooldowns; and what a decision with one limit costs the processor, beside a rate limiter that does nothing else.
import { createGovernor } from '@flyball/core';
import { createRedisStore } from '@flyball/redis';
import { Redis } from 'ioredis';
import { RateLimiterRedis } from 'rate-limiter-flexible';
import { createState } from '../../packages/core/src/state/state.ts';
import { quantile, REDIS_URL, round } from './redis.ts';

const CONTROLS = 10_000;
const COOLDOWNS = 100_000;
const SCALE = { deadlineMs: 10_000, backgroundTimeoutMs: 30_000 };

const open = (prefix: string) => {
  // A client of its own that gives up dead connections by itself is used as it is.
  const client = new Redis(REDIS_URL, { socketTimeout: 60_000 });
  const state = createState({ store: createRedisStore({ client, prefix, ...SCALE }), ...SCALE });
  return {
    client,
    state,
    async close() {
      await state.close();
      client.disconnect();
    },
  };
};

/**
 * Milliseconds from the call until the halt is in force in another process's state, of 300 halts while 10,000 other
 * controls stand.
 */
export async function manyControlsHaltP99(_client: Redis, prefix: string): Promise<number> {
  const [here, there] = [open(prefix), open(prefix)];
  try {
    await Promise.all([here.state.ready(), there.state.ready()]);
    for (let i = 0; i < CONTROLS; i += 100) {
      await Promise.all(
        Array.from({ length: 100 }, (_, j) =>
          here.state.control.setMode({ tenant: `t${i + j}` }, 'shadow', { who: 'ops', why: 'bench' }),
        ),
      );
    }
    await there.state.control.list();
    const times: number[] = [];
    for (let i = 0; i < 300; i++) {
      const tenant = `halted ${i}`;
      const from = performance.now();
      const inForce = new Promise<void>((resolve) => {
        const stop = there.state.control.onChange(({ control }) => {
          if (control.scope.tenant !== tenant) return;
          stop();
          resolve();
        });
      });
      await Promise.all([here.state.control.halt({ tenant }, { who: 'ops', why: 'bench' }), inForce]);
      times.push(performance.now() - from);
    }
    return round(quantile(times, 0.99), 1);
  } finally {
    await Promise.all([here.close(), there.close()]);
  }
}

/** Milliseconds until a process that starts is ready, while 100,000 subjects are cooling down. Median of five. */
export async function manyCooldownsStart(_client: Redis, prefix: string): Promise<number> {
  const { client, state, close } = open(prefix);
  const store = createRedisStore({ client, prefix, ...SCALE });
  const ladder = { after: { strikes: 1, withinMs: 60_000 }, forMs: 3_600_000 };
  try {
    await state.ready();
    for (let i = 0; i < COOLDOWNS; i += 200) {
      await store.strike(
        Array.from({ length: 200 }, (_, j) => ({
          key: `acme/ladder/abuse/user=u${i + j}`,
          id: `e${i + j}`,
          offences: [{ key: 'o', points: 1 }],
          ladder,
          rememberMs: 60_000,
        })),
      );
    }
    const times: number[] = [];
    for (let i = 0; i < 5; i++) {
      const from = performance.now();
      const started = open(prefix);
      const failed = await started.state.ready();
      times.push(performance.now() - from);
      const found = (await started.state.subjects.cooling()).length;
      await started.close();
      if (failed !== undefined || found !== COOLDOWNS) throw new Error(`started with ${found} cooldowns`);
    }
    return Math.round(quantile(times, 0.5));
  } finally {
    await close();
  }
}

/**
 * Processor microseconds of this process, user and system, for one decision with one limit on Redis, and for one
 * `consume` of rate-limiter-flexible on a connection of the same kind: 64 at a time, in turns, median of the rounds.
 */
export async function limitBesidePeer(client: Redis, prefix: string): Promise<{ ours: number; ratio: number }> {
  const connection = new Redis(REDIS_URL, { socketTimeout: 60_000 });
  const governor = await createGovernor({
    store: createRedisStore({ client: connection, prefix, ...SCALE }),
    policy: {
      policy: 'bench',
      version: 1,
      deadline: '10s',
      limits: [{ id: 'questions', on: 'input', unit: 'events', allow: 1_000_000, per: '1m', window: 'fixed' }],
    },
  });
  const peer = new RateLimiterRedis({
    storeClient: client,
    keyPrefix: `${prefix}peer`,
    points: 1_000_000,
    duration: 60,
  });
  const decide = async (user: string): Promise<void> => {
    const event = governor.interaction({ tenant: 'acme', user }).event({ stage: 'input', content: 'a question' });
    const { outcome } = await governor.decide(event);
    if (outcome !== 'ALLOW') throw new Error(`a decision was ${outcome}`);
  };
  const consume = async (user: string): Promise<unknown> => peer.consume(user);
  try {
    await governor.control.list();
    const [ours, theirs]: [number[], number[]] = [[], []];
    for (let i = -2; i < 9; i++) {
      const [us, them] = [await cpuPerCall(decide), await cpuPerCall(consume)];
      if (i < 0) continue;
      ours.push(us);
      theirs.push(them);
    }
    const [us, them] = [quantile(ours, 0.5), quantile(theirs, 0.5)];
    return { ours: round(us, 1), ratio: round(us / them) };
  } finally {
    await governor.close();
    connection.disconnect();
  }
}

async function cpuPerCall(call: (user: string) => Promise<unknown>): Promise<number> {
  const calls = 12_800;
  const before = process.cpuUsage();
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < calls) await call(`user ${next++ % 500}`);
  };
  await Promise.all(Array.from({ length: 64 }, worker));
  const { user, system } = process.cpuUsage(before);
  return (user + system) / calls;
}
