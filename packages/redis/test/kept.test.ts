import { createMemoryStore, type LadderStrike, type LadderTerms } from '@flyball/core/store';
import { Redis } from 'ioredis';
import { describe, expect, it } from 'vitest';
import { SCRIPTS } from '../src/library.ts';
import { createStore } from '../src/redis-store.ts';
import { lookedInto } from './looked-into.ts';
import { sharedRedis } from './servers.ts';

const SECOND = 1000;
const SLACK = 60 * SECOND;
const TERMS: LadderTerms = {
  after: { strikes: 3, withinMs: 10 * SECOND },
  forMs: 2 * SECOND,
  escalate: { factor: 3, maxMs: 10 * SECOND, forgetMs: 30 * SECOND },
};
const strike = (id: string, points: number, more: Partial<LadderStrike> = {}): LadderStrike => ({
  key: 'acme/ladder/x',
  id,
  offences: [{ key: `offence of ${id}`, points }],
  ladder: TERMS,
  rememberMs: 50 * SECOND,
  ...more,
});

const url = await sharedRedis();

// A key that ends too soon is a cooldown that ends too soon; one that never ends is memory that nobody gets back.
describe.skipIf(url === undefined)('what the Redis store keeps (skipped when no Redis answers)', () => {
  const on = lookedInto(url);

  const keyOf = (key: string): string => `${on.prefix}{acme}/${key}`;
  const own = (name: string): string => `${on.prefix}{control}:${name}`;
  /** How long a key is kept beyond the minute that every key is, to the second. */
  const keptMs = async (key: string): Promise<number> =>
    Math.ceil((await on.client.pttl(key)) / SECOND) * SECOND - SLACK;
  const size = async (set: string): Promise<number> => on.client.zcard(set);

  it('S2: what was counted is remembered for as long as it was said, also under a policy that remembers for less', async () => {
    const seen = keyOf('ladder/x:seen');
    await on.store.strike([strike('a', 1, { rememberMs: 500 * SECOND })]);
    await on.store.strike([strike('b', 1, { rememberMs: 50 * SECOND })]);
    expect(await on.client.exists(seen)).toBe(1);
    expect(await keptMs(seen)).toBe(500 * SECOND);
    on.time += 100 * SECOND;
    const [again] = await on.store.strike([strike('a', 1)]);
    expect(again!.fresh).toBe(false);
  });

  it('ends with the window of a limit, and with the next window where amounts were reported', async () => {
    const terms = { perMs: 10 * SECOND, window: 'sliding' } as const;
    await on.store.charge([{ ...terms, key: 'acme/limit/q', id: 'a', kind: 'count', allow: 1 }]);
    expect(await keptMs(keyOf('limit/q:ids'))).toBe(10 * SECOND);
    for (const at of [0, 10 * SECOND]) {
      on.time += at;
      await on.store.report([{ ...terms, key: 'acme/limit/tokens', id: `at ${at}`, amount: 5 }]);
    }
    for (const name of ['sums', 'even', 'odd']) expect(await keptMs(keyOf(`limit/tokens:${name}`))).toBe(20 * SECOND);
  });

  it('is kept for longer with each report, also of what was reserved before or counts nothing', async () => {
    const terms = { key: 'acme/limit/tokens', perMs: 10 * SECOND, window: 'sliding', attempt: 'one' } as const;
    await on.store.charge([{ ...terms, kind: 'reserve', allow: 100, id: 'a', amount: 50 }]);
    for (const [id, amount] of [
      ['a', 30],
      ['a', 30],
      ['b', 0],
    ] as const) {
      // As if most of its time had passed.
      await on.client.pexpire(keyOf('limit/tokens:sums'), SECOND);
      await on.store.report([{ ...terms, id, amount }]);
      expect(await keptMs(keyOf('limit/tokens:sums'))).toBe(20 * SECOND);
    }
  });

  it('takes amounts that have left the window out, the only one too', async () => {
    const terms = { key: 'acme/limit/tokens', perMs: 10 * SECOND, window: 'sliding' } as const;
    const sums = keyOf('limit/tokens:sums');
    for (const id of ['a', 'b']) {
      await on.store.report([{ ...terms, id, amount: 5 }]);
      expect(await on.client.hlen(sums)).toBe(2);
      on.time += 10 * SECOND;
      await on.store.charge([{ ...terms, kind: 'sum', id: 'asked', allow: 5 }]);
      // The number of the newest generation stays.
      expect(await on.client.hkeys(sums)).toEqual(['g']);
    }
  });

  it('ends where a reservation was refused, which notes nothing', async () => {
    const terms = { perMs: 10 * SECOND, window: 'sliding', kind: 'reserve', allow: 100, attempt: 'one' } as const;
    const [answer] = await on.store.charge([{ ...terms, key: 'acme/limit/tokens', id: 'a', amount: 500 }]);
    expect(answer).toMatchObject({ fresh: false });
    expect(await keptMs(keyOf('limit/tokens:sums'))).toBe(20 * SECOND);
  });

  it('ends when the last strike has left the window, or the last cooldown is forgotten, whichever is later', async () => {
    const ladder = keyOf('ladder/x');
    await on.store.strike([strike('a', 1)]);
    expect(await keptMs(ladder)).toBe(10 * SECOND);
    expect(await keptMs(`${ladder}:seen`)).toBe(50 * SECOND);
    on.time += 4 * SECOND;
    await on.store.strike([strike('b', 1)]);
    expect(await keptMs(ladder)).toBe(10 * SECOND);
    await on.store.strike([strike('c', 1)]);
    expect(await keptMs(ladder)).toBe(32 * SECOND);
    await on.store.strike([strike('d', 1)]);
    expect(await keptMs(ladder)).toBe(32 * SECOND);
    const flat = strike('e', 3, { key: 'acme/ladder/flat', ladder: { after: TERMS.after, forMs: 20 * SECOND } });
    await on.store.strike([flat]);
    expect(await keptMs(keyOf('ladder/flat'))).toBe(20 * SECOND);
  });

  it('lists cooldowns for as long as the longest of them lasts, and takes out those that have ended', async () => {
    const cool = async (name: string, seconds: number): Promise<unknown> =>
      on.store.strike([
        strike(name, 3, { key: `acme/ladder/${name}`, ladder: { after: TERMS.after, forMs: seconds * SECOND } }),
      ]);
    await cool('long', 20);
    await cool('short', 2);
    for (const index of ['active', 'versions']) expect(await keptMs(own(index))).toBe(20 * SECOND);
    on.time += 2 * SECOND;
    await cool('next', 1);
    for (const index of ['active', 'versions']) expect(await size(own(index))).toBe(2);
  });

  it('remembers labels for as long as the longest was to be', async () => {
    const label = async (name: string, seconds: number): Promise<unknown> =>
      on.store.labels({ key: 'acme/labels/s', add: [name], rememberMs: seconds * SECOND });
    await label('a', 30);
    await label('b', 5);
    expect(await keptMs(keyOf('labels/s'))).toBe(30 * SECOND);
    on.time += 30 * SECOND;
    await label('c', 5);
    expect(await keptMs(keyOf('labels/s'))).toBe(5 * SECOND);
  });

  it('writes strikes of one moment as one, and nothing for what does not count', async () => {
    const log = async (): Promise<unknown> => on.client.hget(keyOf('ladder/x'), 'log');
    await on.store.strike([strike('a', 1)]);
    await on.store.strike([strike('b', 1)]);
    expect(await log()).toBe(`${on.time},2`);
    on.time += 1;
    await on.store.strike([strike('b', 1)]);
    expect(await log()).toBe(`${on.time - 1},2`);
  });

  it('lets a level grow to a thousand, as the memory store does', async () => {
    await on.store.strike([strike('a', 3)]);
    await on.client.hset(keyOf('ladder/x'), 'level', 999);
    for (const id of ['b', 'c']) expect(await on.store.strike([strike(id, 3)])).toMatchObject([{ level: 1000 }]);
  });

  it('S2: remembers the newest 1024 ids and offences, like the memory store, and drops those whose time is over', async () => {
    const memory = createMemoryStore({ now: () => on.time });
    const ladder = { after: { strikes: 1_000_000, withinMs: 10 * SECOND }, forMs: SECOND };
    const both = async (i: number): Promise<readonly unknown[]> => {
      const one = strike(`e${i}`, 1, { ladder });
      return Promise.all([on.store.strike([one]), memory.strike([one])]).then((answers) =>
        answers.map(([answer]) => answer?.fresh),
      );
    };
    for (let i = 0; i < 600; i++) {
      on.time += 1;
      expect(await both(i)).toEqual([true, true]);
    }
    expect(await size(keyOf('ladder/x:seen'))).toBe(1024);
    // Two names each: of 1200, the first 176 gave way.
    expect(await both(88)).toEqual([false, false]);
    expect(await both(87)).toEqual([true, true]);
    on.time += 50 * SECOND;
    await both(600);
    expect(await size(keyOf('ladder/x:seen'))).toBe(2);
  });

  it('S1: takes nothing from any limit when one of them refuses for a single millisecond', async () => {
    const charge = (name: string, id: string) =>
      ({ key: `acme/limit/${name}`, id, kind: 'count', allow: 1, perMs: 10 * SECOND, window: 'sliding' }) as const;
    await on.store.charge([charge('narrow', 'a')]);
    on.time += 10 * SECOND - 1;
    expect(await on.store.charge([charge('wide', 'b'), charge('narrow', 'b')])).toEqual([
      expect.objectContaining({ exceeded: false, retryAfterMs: 0, fresh: false }),
      expect.objectContaining({ exceeded: true, retryAfterMs: 1, fresh: false }),
    ]);
    expect(await on.store.charge([charge('wide', 'c')])).toMatchObject([
      { exceeded: false, retryAfterMs: 0, fresh: true },
    ]);
  });

  it('lets nothing older be restored over a lift for a day, and then it may', async () => {
    const control = { kind: 'halt', scope: { tenant: 'acme' }, who: 'ops', why: 'drill' } as const;
    await on.store.control({ op: 'set', control: { ...control, id: 'h1' } });
    await on.store.control({ op: 'lift', id: 'l1', ...control });
    const restore = async (id: string): Promise<unknown> =>
      on.store.control({ op: 'restore', control: { ...control, id, at: on.time } });
    on.time += 24 * 60 * 60 * SECOND - 1;
    expect(await restore('h2')).toBeUndefined();
    on.time += 1;
    expect(await restore('h3')).toMatchObject({ op: 'restore' });
  });

  it('goes by the clock of the server where no test gives one', async () => {
    const production = createStore({
      client: on.client,
      prefix: on.prefix,
      deadlineMs: 5000,
      backgroundTimeoutMs: 5000,
    });
    const before = await on.client.time();
    const { now } = await production.sync();
    const after = await on.client.time();
    const ms = ([seconds, micros]: readonly (string | number)[]): number =>
      Number(seconds) * SECOND + Math.floor(Number(micros) / 1000);
    expect(now).toBeGreaterThanOrEqual(ms(before));
    expect(now).toBeLessThanOrEqual(ms(after));
  });

  describe('in a cluster, where the list of cooldowns lives elsewhere', () => {
    it('strikes without that list', async () => {
      const args = [on.time, 'channel', 1, 'acme/ladder/x', 'a', 50_000, 3, 10_000, 2000, '', '', '', 'why', 1, 'o', 3];
      const keys = [keyOf('ladder/x'), keyOf('ladder/x:seen')];
      expect(await on.client.eval(SCRIPTS.strike.text, 2, ...keys, ...args)).toEqual([1, 0, 0, 2000, on.time + 2000]);
    });

    it('carries out what an operator does without that list, and answers what is to be told', async () => {
      const ladder = keyOf('ladder/x');
      const terms = [3, 10_000, 2000, '', '', ''];
      const amend = async (op: string, ms: number | string): Promise<unknown> =>
        on.client.eval(SCRIPTS.amend.text, 1, ladder, on.time, 'channel', 'acme/ladder/x', op, ms, 'olga', ...terms);
      expect(await amend('put_on', 5000)).toEqual([0, 0, 5000, 'olga', on.time + 5000, '']);
      expect(await amend('put_on', 1000)).toEqual([0, 0, 5000, 'olga', 0, '']);
      expect(await amend('lift', '')).toEqual([0, 0, 0, '', on.time + 5000, 'lifted']);
      const ids = keyOf('limit/q:ids');
      const forget = [on.time, 'channel', 'acme/limit/q', 1, 'count', 2, 10_000, 'sliding'];
      await on.client.zadd(ids, on.time, 'a');
      expect(await on.client.eval(SCRIPTS.forget.text, 1, ids, ...forget)).toEqual([2, 0, on.time + 10_000]);
      expect(await on.client.exists(own('meta'), own('lifted'), own('active'))).toBe(0);
    });

    it('tells of a cooldown in a second step, once however often it is repeated, and again when it is longer', async () => {
      const listener = new Redis(url!);
      const channel = `${on.prefix}changes`;
      const told: string[] = [];
      listener.on('message', (_, message) => void told.push(message));
      await listener.subscribe(channel);
      const index = ['active', 'versions', 'meta', 'lifted'].map(own);
      const cooled = async (until: number, how = ''): Promise<unknown> =>
        on.client.eval(SCRIPTS.cooled.text, 4, ...index, on.time, channel, 'a/l/x', until, how);
      for (const ms of [5000, 5000, 4000, 6000]) await cooled(on.time + ms);
      await cooled(on.time + 6000, 'lifted');
      await cooled(on.time + 3000);
      await on.client.publish(channel, 'last');
      await expect.poll(() => told.at(-1)).toBe('last');
      listener.disconnect();
      const id = await on.client.hget(own('meta'), 'id');
      expect(id).toMatch(/^\d+\.\d+$/);
      const all = ['1\n5000', '2\n6000', '3\n0', '4\n3000'].map((change) => `cooldown\n${id}\n${change}\na/l/x`);
      expect(told).toEqual([...all, 'last']);
      expect(await on.client.zscore(own('active'), 'a/l/x')).toBe(String(on.time + 3000));
      expect(await on.client.zscore(own('lifted'), 'a/l/x')).toBeNull();
      expect(await on.client.zscore(own('versions'), 'a/l/x')).toBe('4');
    });
  });
});
