import { createMemoryStore, type Charge, type LadderStrike, type Store } from '@flyball/core/store';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createStore } from '../src/redis-store.ts';
import { freshPrefix, removeKeys, sharedRedis } from './servers.ts';

const SECOND = 1000;
const url = await sharedRedis();

// What may have become much is cleared away a portion at a time, and amounts are kept in sixtieths of a window.
describe.skipIf(url === undefined)('what the Redis store does in portions (skipped when no Redis answers)', () => {
  const prefixes: string[] = [];
  let prefix = '';
  let client: Redis;
  let store: Store;
  let time = 0;

  beforeAll(async () => {
    client = new Redis(url!, { socketTimeout: 30_000 });
    await client.ping();
  });
  beforeEach(() => {
    prefix = freshPrefix();
    prefixes.push(prefix);
    time = 1_795_300_000_000;
    store = createStore({ client, prefix, deadlineMs: 5000, backgroundTimeoutMs: 5000 }, () => time);
  });
  afterAll(async () => {
    client.disconnect();
    for (const used of prefixes) await removeKeys(url!, used);
  });

  it('takes a hundred cooldowns that have ended, or need no more telling, out of its lists with each new one', async () => {
    const cool = async (id: string): Promise<unknown> =>
      store.strike([
        {
          ...{ key: `acme/ladder/${id}`, id, offences: [{ key: id, points: 1 }], rememberMs: SECOND },
          ladder: { after: { strikes: 1, withinMs: SECOND }, forMs: SECOND },
        } satisfies LadderStrike,
      ]);
    const list = (name: string): string => `${prefix}{control}:${name}`;
    const listed = async (name: string): Promise<unknown> => client.zrange(list(name), '0', '-1');
    const names = (of: string): string[] => Array.from({ length: 101 }, (_, i) => `${of}${100 + i}`);
    for (const [name, of] of [
      ['active', 'ended'],
      ['lifted', 'told'],
    ] as const) {
      await client.zadd(list(name), ...names(of).flatMap((key, i) => [time - 100 + i, key]), time + 1, `${of} later`);
    }
    const known = [...names('ended'), 'ended later', ...names('told'), 'told later'];
    await client.zadd(list('versions'), ...known.flatMap((key) => [0, key]));
    await cool('a');
    expect(await listed('active')).toEqual(['ended200', 'ended later', 'acme/ladder/a']);
    expect(await listed('lifted')).toEqual(['told200', 'told later']);
    const versions = ['ended later', 'ended200', 'told later', 'told200', 'acme/ladder/a'];
    expect(await listed('versions')).toEqual(versions);
    await cool('b');
    expect(await listed('active')).toEqual(['ended later', 'acme/ladder/a', 'acme/ladder/b']);
    expect(await listed('lifted')).toEqual(['told later']);
  });

  it('counts from now on what was admitted in what is now the future, a thousand with each call', async () => {
    const ids = `${prefix}{acme}/limit/q:ids`;
    const ahead = Array.from({ length: 1001 }, (_, i) => [time + 1 + i, `id ${i}`]).flat();
    await client.zadd(ids, time, 'now', ...ahead);
    const one: Charge = {
      ...{ key: 'acme/limit/q', kind: 'count', allow: 1, perMs: 10 * SECOND, window: 'sliding', id: 'new' },
    };
    expect(await store.charge([one])).toMatchObject([{ exceeded: true, remaining: 0 }]);
    expect(await client.zrangebyscore(ids, `(${time}`, '+inf')).toEqual(['id 1000']);
    await store.charge([one]);
    expect(await client.zcount(ids, `(${time}`, '+inf')).toBe(0);
    expect(await client.zcard(ids)).toBe(1002);
  });

  it.each([6000, 6001, 60_000, 59])(
    'S1: amounts leave a sliding window of %i ms with the latest of their sixtieth, as in the memory store',
    async (perMs) => {
      const memory = createMemoryStore({ now: () => time });
      const terms = { key: 'acme/limit/tokens', perMs, window: 'sliding', attempt: 'one' } as const;
      const step = Math.max(1, Math.floor(perMs / 97));
      for (let i = 0; i < 60; i++) {
        const amount = { ...terms, id: `a${i}`, amount: 1 + (i % 3) };
        await memory.report([amount]);
        await store.report([amount]);
        const asked: Charge[] = [{ ...terms, kind: 'sum', id: `s${i}`, allow: 1 + (i % 7) * 5 }];
        expect(await store.charge(asked)).toEqual(await memory.charge(asked));
        time += i % 20 === 19 ? Math.floor(perMs / 3) : step;
      }
    },
  );
});
