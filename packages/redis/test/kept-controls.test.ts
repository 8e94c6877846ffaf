import type { ControlTerms } from '@flyball/core/store';
import { describe, expect, it } from 'vitest';
import { lookedInto } from './looked-into.ts';
import { sharedRedis } from './servers.ts';

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
    const on = lookedInto(url);

    const own = (name: string): string => `${on.prefix}{control}:${name}`;
    const set = async (id: string, forMs?: number): Promise<unknown> =>
      on.store.control({ op: 'set', control: halt(id), ...(forMs !== undefined && { forMs }) });
    const restore = async (id: string, tenant: string): Promise<unknown> =>
      on.store.control({ op: 'restore', control: { ...halt(id, tenant), at: on.time } });
    /** How many controls are kept, in each of the places that know of them. */
    const kept = async (): Promise<readonly number[]> => [
      await on.client.hlen(own('controls')),
      await on.client.zcard(own('changed')),
      await on.client.zcard(own('forget')),
    ];

    it('forgets controls a day after their end, ten with each change', async () => {
      for (let i = 0; i < 12; i++) await set(`h${i}`, SECOND + i);
      expect(await kept()).toEqual([12, 12, 12]);
      on.time += DAY + SECOND + 10;
      await set('a');
      expect(await kept()).toEqual([3, 3, 2]);
      // The last one has a moment left.
      await set('b');
      expect(await kept()).toEqual([3, 3, 1]);
      on.time += 1;
      await set('c');
      expect(await kept()).toEqual([3, 3, 0]);
    });

    it('forgets no control that has got another end, or none', async () => {
      await set('h1', SECOND);
      await on.store.control({ op: 'set', control: halt('h2', 'h1') });
      await set('h3', SECOND);
      await on.store.control({ op: 'set', control: halt('h4', 'h3'), forMs: 3 * SECOND });
      on.time += DAY + 2 * SECOND;
      await set('h5');
      expect(await kept()).toEqual([3, 3, 1]);
      expect((await on.store.sync()).controls?.map(({ id }) => id).toSorted()).toEqual(['h2', 'h5']);
    });

    it('lets nothing older be restored over a control that has ended, for a day', async () => {
      await set('h1', SECOND);
      on.time += DAY + SECOND - 1;
      expect(await restore('h2', 'h1')).toBeUndefined();
      on.time += 1;
      expect(await restore('h3', 'h1')).toMatchObject({ op: 'restore' });
      // One that does not end stands, whatever the time.
      on.time += 3 * DAY;
      expect(await restore('h4', 'h1')).toBeUndefined();
    });

    it.each([[['controls']], [['changed']], [['controls', 'changed']]])(
      'S5: where the server evicted %s the data is another one, once, and what was asked before is made again',
      async (evicted) => {
        await set('h1');
        const before = await on.store.sync();
        await on.client.del(...evicted.map(own));
        const after = await on.store.sync(before);
        expect([after.full, after.incarnation === before.incarnation]).toEqual([true, false]);
        expect(after.controls?.map(({ id }) => id)).toEqual(evicted.includes('controls') ? [] : ['h1']);
        expect(await on.store.sync(after)).toMatchObject({ full: false, incarnation: after.incarnation });

        const again = await on.store.control({ op: 'set', control: halt('h1') });
        expect(again?.epoch).toBe(after.epoch + 1);
        const last = await on.store.sync(after);
        expect([last.full, last.changes?.map(({ control }) => control.id)]).toEqual([false, ['h1']]);
        expect((await on.store.sync(last)).incarnation).toBe(after.incarnation);
      },
    );

    it('is the same data as before where no control was ever set, or all of them are lifted', async () => {
      const first = await on.store.sync();
      expect(await on.store.sync(first)).toMatchObject({ full: false, incarnation: first.incarnation });
      await set('h1');
      await on.store.control({ op: 'lift', id: 'l1', kind: 'halt', scope: { tenant: 'h1' }, who: 'ops', why: 'over' });
      expect(await on.store.sync(first)).toMatchObject({ full: false, incarnation: first.incarnation });
      expect((await on.store.sync()).incarnation).toBe(first.incarnation);
    });

    it('lists a process for thirty seconds after it was here, and how long ago that was', async () => {
      const { epoch } = (await on.store.control({ op: 'set', control: halt('h1') }))!;
      await on.store.sync(await on.store.sync(), 'one');
      on.time += 5 * SECOND;
      await on.store.sync(undefined, 'two');
      on.time += 25 * SECOND;
      const listed = async (): Promise<unknown> =>
        (await on.store.processes()).toSorted((a, b) => (a.process < b.process ? -1 : 1));
      const two = { process: 'two', epoch: 0, agoMs: 25 * SECOND };
      expect(await listed()).toEqual([{ process: 'one', epoch, agoMs: 30 * SECOND }, two]);
      on.time += 1;
      expect(await listed()).toEqual([{ ...two, agoMs: two.agoMs + 1 }]);
      // The clock was set back.
      on.time -= 26 * SECOND;
      expect(await on.store.processes()).toContainEqual({ ...two, agoMs: 0 });
    });

    it('forgets processes that are silent, a hundred with each that is not, and all of them with the last', async () => {
      await on.store.sync(undefined, 'first');
      const lists = [own('processes'), own('known')];
      for (const list of lists) {
        const ms = await on.client.pttl(list);
        expect(Math.ceil(ms / SECOND) * SECOND - SLACK).toBe(30 * SECOND);
      }
      const silent = Array.from({ length: 101 }, (_, i) => `p${100 + i}`);
      await on.client.zadd(own('processes'), ...silent.flatMap((process) => [on.time - 30 * SECOND - 1, process]));
      await on.client.hset(own('known'), Object.fromEntries(silent.map((process) => [process, 0])));
      await on.client.zadd(own('processes'), on.time - 30 * SECOND, 'just here');
      await on.store.sync(undefined, 'second');
      const here = async (): Promise<unknown> => on.client.zrange(own('processes'), '0', '-1');
      expect(await here()).toEqual(['p200', 'just here', 'first', 'second']);
      expect((await on.client.hkeys(own('known'))).toSorted()).toEqual(['first', 'p200', 'second']);
      await on.store.sync(undefined, 'second');
      expect(await here()).toEqual(['just here', 'first', 'second']);
      await on.store.processes('first');
      expect([await here(), await on.client.hkeys(own('known'))]).toEqual([['just here', 'second'], ['second']]);
    });
  },
);
