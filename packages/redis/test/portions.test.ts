import { createMemoryStore, type Charge, type LadderStrike } from '@flyball/core/store';
import { describe, expect, it } from 'vitest';
import { lookedInto } from './looked-into.ts';
import { sharedRedis } from './servers.ts';

const SECOND = 1000;
const url = await sharedRedis();

// What may have become much is cleared away a portion at a time, and amounts are kept in sixtieths of a window.
describe.skipIf(url === undefined)('what the Redis store does in portions (skipped when no Redis answers)', () => {
  const on = lookedInto(url);

  it('takes a hundred cooldowns that have ended, or need no more telling, out of its lists with each new one', async () => {
    const cool = async (id: string): Promise<unknown> =>
      on.store.strike([
        {
          ...{ key: `acme/ladder/${id}`, id, offences: [{ key: id, points: 1 }], rememberMs: SECOND },
          ladder: { after: { strikes: 1, withinMs: SECOND }, forMs: SECOND },
        } satisfies LadderStrike,
      ]);
    const list = (name: string): string => `${on.prefix}{control}:${name}`;
    const listed = async (name: string): Promise<unknown> => on.client.zrange(list(name), '0', '-1');
    const names = (of: string): string[] => Array.from({ length: 101 }, (_, i) => `${of}${100 + i}`);
    for (const [name, of] of [
      ['active', 'ended'],
      ['lifted', 'told'],
    ] as const) {
      await on.client.zadd(
        list(name),
        ...names(of).flatMap((key, i) => [on.time - 100 + i, key]),
        on.time + 1,
        `${of} later`,
      );
    }
    const known = [...names('ended'), 'ended later', ...names('told'), 'told later'];
    await on.client.zadd(list('versions'), ...known.flatMap((key) => [0, key]));
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
    const ids = `${on.prefix}{acme}/limit/q:ids`;
    const ahead = Array.from({ length: 1001 }, (_, i) => [on.time + 1 + i, `id ${i}`]).flat();
    await on.client.zadd(ids, on.time, 'now', ...ahead);
    const one: Charge = {
      ...{ key: 'acme/limit/q', kind: 'count', allow: 1, perMs: 10 * SECOND, window: 'sliding', id: 'new' },
    };
    expect(await on.store.charge([one])).toMatchObject([{ exceeded: true, remaining: 0 }]);
    expect(await on.client.zrangebyscore(ids, `(${on.time}`, '+inf')).toEqual(['id 1000']);
    await on.store.charge([one]);
    expect(await on.client.zcount(ids, `(${on.time}`, '+inf')).toBe(0);
    expect(await on.client.zcard(ids)).toBe(1002);
  });

  it.each([6000, 6001, 60_000, 59])(
    'S1: amounts leave a sliding window of %i ms with the latest of their sixtieth, as in the memory store',
    async (perMs) => {
      const memory = createMemoryStore({ now: () => on.time });
      const terms = { key: 'acme/limit/tokens', perMs, window: 'sliding', attempt: 'one' } as const;
      const step = Math.max(1, Math.floor(perMs / 97));
      for (let i = 0; i < 60; i++) {
        const amount = { ...terms, id: `a${i}`, amount: 1 + (i % 3) };
        await memory.report([amount]);
        await on.store.report([amount]);
        const asked: Charge[] = [{ ...terms, kind: 'sum', id: `s${i}`, allow: 1 + (i % 7) * 5 }];
        expect(await on.store.charge(asked)).toEqual(await memory.charge(asked));
        on.time += i % 20 === 19 ? Math.floor(perMs / 3) : step;
      }
    },
  );
});
