import type { ControlTerms, Store } from '@flyball/core/store';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createStore } from '../src/redis-store.ts';
import { freshPrefix, removeKeys, sharedRedis } from './servers.ts';

const SECOND = 1000;
const SLACK = 60 * SECOND;
const DAY = 24 * 60 * 60 * SECOND;
const halt = (id: string, tenant = id): ControlTerms => ({
  ...{ id, kind: 'halt', scope: { tenant }, who: 'ops', why: 'drill' },
});

const url = await sharedRedis();

describe.skipIf(url === undefined)(
  'what the Redis store keeps of controls and processes (skipped without Redis)',
  () => {
    const prefixes: string[] = [];
    let prefix = '';
    let client: Redis;
    let store: Store;
    let time = 0;

    const own = (name: string): string => `${prefix}{control}:${name}`;
    const set = async (id: string, forMs?: number): Promise<unknown> =>
      store.control({ op: 'set', control: halt(id), ...(forMs !== undefined && { forMs }) });
    const restore = async (id: string, tenant: string): Promise<unknown> =>
      store.control({ op: 'restore', control: { ...halt(id, tenant), at: time } });
    /** How many controls are kept, in each of the places that know of them. */
    const kept = async (): Promise<readonly number[]> => [
      await client.hlen(own('controls')),
      await client.zcard(own('changed')),
      await client.zcard(own('forget')),
    ];

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

    it('forgets controls a day after their end, ten with each change', async () => {
      for (let i = 0; i < 12; i++) await set(`h${i}`, SECOND + i);
      expect(await kept()).toEqual([12, 12, 12]);
      time += DAY + SECOND + 10;
      await set('a');
      expect(await kept()).toEqual([3, 3, 2]);
      // The last one has a moment left.
      await set('b');
      expect(await kept()).toEqual([3, 3, 1]);
      time += 1;
      await set('c');
      expect(await kept()).toEqual([3, 3, 0]);
    });

    it('forgets no control that has got another end, or none', async () => {
      await set('h1', SECOND);
      await store.control({ op: 'set', control: halt('h2', 'h1') });
      await set('h3', SECOND);
      await store.control({ op: 'set', control: halt('h4', 'h3'), forMs: 3 * SECOND });
      time += DAY + 2 * SECOND;
      await set('h5');
      expect(await kept()).toEqual([3, 3, 1]);
      expect((await store.sync()).controls?.map(({ id }) => id).toSorted()).toEqual(['h2', 'h5']);
    });

    it('lets nothing older be restored over a control that has ended, for a day', async () => {
      await set('h1', SECOND);
      time += DAY + SECOND - 1;
      expect(await restore('h2', 'h1')).toBeUndefined();
      time += 1;
      expect(await restore('h3', 'h1')).toMatchObject({ op: 'restore' });
      // One that does not end stands, whatever the time.
      time += 3 * DAY;
      expect(await restore('h4', 'h1')).toBeUndefined();
    });

    it.each([[['controls']], [['changed']], [['controls', 'changed']]])(
      'S5: where the server evicted %s the data is another one, once, and what was asked before is made again',
      async (evicted) => {
        await set('h1');
        const before = await store.sync();
        await client.del(...evicted.map(own));
        const after = await store.sync(before);
        expect([after.full, after.incarnation === before.incarnation]).toEqual([true, false]);
        expect(after.controls?.map(({ id }) => id)).toEqual(evicted.includes('controls') ? [] : ['h1']);
        expect(await store.sync(after)).toMatchObject({ full: false, incarnation: after.incarnation });

        const again = await store.control({ op: 'set', control: halt('h1') });
        expect(again?.epoch).toBe(after.epoch + 1);
        const last = await store.sync(after);
        expect([last.full, last.changes?.map(({ control }) => control.id)]).toEqual([false, ['h1']]);
        expect((await store.sync(last)).incarnation).toBe(after.incarnation);
      },
    );

    it('is the same data as before where no control was ever set, or all of them are lifted', async () => {
      const first = await store.sync();
      expect(await store.sync(first)).toMatchObject({ full: false, incarnation: first.incarnation });
      await set('h1');
      await store.control({ op: 'lift', id: 'l1', kind: 'halt', scope: { tenant: 'h1' }, who: 'ops', why: 'over' });
      expect(await store.sync(first)).toMatchObject({ full: false, incarnation: first.incarnation });
      expect((await store.sync()).incarnation).toBe(first.incarnation);
    });

    it('lists a process for thirty seconds after it was here, and how long ago that was', async () => {
      const { epoch } = (await store.control({ op: 'set', control: halt('h1') }))!;
      await store.sync(await store.sync(), 'one');
      time += 5 * SECOND;
      await store.sync(undefined, 'two');
      time += 25 * SECOND;
      const listed = async (): Promise<unknown> =>
        (await store.processes()).toSorted((a, b) => (a.process < b.process ? -1 : 1));
      const two = { process: 'two', epoch: 0, agoMs: 25 * SECOND };
      expect(await listed()).toEqual([{ process: 'one', epoch, agoMs: 30 * SECOND }, two]);
      time += 1;
      expect(await listed()).toEqual([{ ...two, agoMs: two.agoMs + 1 }]);
      // The clock was set back.
      time -= 26 * SECOND;
      expect(await store.processes()).toContainEqual({ ...two, agoMs: 0 });
    });

    it('forgets processes that are silent, a hundred with each that is not, and all of them with the last', async () => {
      await store.sync(undefined, 'first');
      const lists = [own('processes'), own('known')];
      for (const list of lists) {
        const ms = await client.pttl(list);
        expect(Math.ceil(ms / SECOND) * SECOND - SLACK).toBe(30 * SECOND);
      }
      const silent = Array.from({ length: 101 }, (_, i) => `p${100 + i}`);
      await client.zadd(own('processes'), ...silent.flatMap((process) => [time - 30 * SECOND - 1, process]));
      await client.hset(own('known'), Object.fromEntries(silent.map((process) => [process, 0])));
      await client.zadd(own('processes'), time - 30 * SECOND, 'just here');
      await store.sync(undefined, 'second');
      const here = async (): Promise<unknown> => client.zrange(own('processes'), '0', '-1');
      expect(await here()).toEqual(['p200', 'just here', 'first', 'second']);
      expect((await client.hkeys(own('known'))).toSorted()).toEqual(['first', 'p200', 'second']);
      await store.sync(undefined, 'second');
      expect(await here()).toEqual(['just here', 'first', 'second']);
      await store.processes('first');
      expect([await here(), await client.hkeys(own('known'))]).toEqual([['just here', 'second'], ['second']]);
    });
  },
);
