import { periodAt, type Charge, type Store } from '@flyball/core/store';
import type { StoreSuite } from '../store-harness.ts';
import { admitted, charge, SECOND } from './samples.ts';

export function limitCases({ test, expect }: StoreSuite): void {
  const waits = async (store: Store, ...charges: Charge[]): Promise<readonly number[]> =>
    (await store.charge(charges)).map((answer) => answer.retryAfterMs);

  test('S1: of many charges at once, from several handles, exactly the limit is admitted', async (first, harness) => {
    const second = await harness.open();
    const all = Array.from({ length: 60 }, async (_, i) =>
      (i % 2 === 0 ? first : second).charge([charge(`e${i}`, { allow: 25 })]),
    );
    const answers = await Promise.all(all);
    expect(answers.filter(([answer]) => answer?.exceeded === false).length).toEqual(25);
  });

  test('a charge repeated with its id is admitted again and takes nothing', async (store) => {
    expect(admitted(await store.charge([charge('a')]))).toEqual([{ exceeded: false, retryAfterMs: 0, fresh: true }]);
    expect(admitted(await store.charge([charge('a')]))).toEqual([{ exceeded: false, retryAfterMs: 0, fresh: false }]);
    expect(await waits(store, charge('b'))).toEqual([0]);
    expect(admitted(await store.charge([charge('a')]))).toEqual([{ exceeded: false, retryAfterMs: 0, fresh: false }]);
    expect(await waits(store, charge('c'))).toEqual([10 * SECOND]);
  });

  test('a charge repeated with its id leaves the window when the first one does', async (store, harness) => {
    await store.charge([charge('a', { allow: 1 })]);
    await harness.advance(6 * SECOND);
    expect(await waits(store, charge('a', { allow: 1 }))).toEqual([0]);
    await harness.advance(4 * SECOND);
    expect(await waits(store, charge('b', { allow: 1 }))).toEqual([0]);
  });

  test('a sliding window has room again when its oldest entry leaves, to the millisecond', async (store, harness) => {
    await store.charge([charge('a')]);
    await harness.advance(4 * SECOND);
    await store.charge([charge('b')]);
    const [wait] = await waits(store, charge('c'));
    expect(wait !== undefined && wait <= 6 * SECOND && wait > 5 * SECOND).toEqual(true);
    await harness.advance(wait! - 1);
    expect((await waits(store, charge('c')))[0]! <= 1).toEqual(true);
    await harness.advance(1);
    expect(await waits(store, charge('c'))).toEqual([0]);
  });

  test('a lowered limit waits until enough entries have left', async (store, harness) => {
    for (const id of ['a', 'b', 'c']) {
      await store.charge([charge(id, { allow: 3 })]);
      await harness.advance(SECOND);
    }
    const [wait] = await waits(store, charge('d', { allow: 1 }));
    expect(wait !== undefined && wait <= 9 * SECOND && wait > 8 * SECOND).toEqual(true);
  });

  test('a fixed window starts at a multiple of its length', async (store, harness) => {
    const one = { window: 'fixed', allow: 1 } as const;
    await store.charge([charge('a', one)]);
    const [wait] = await waits(store, charge('b', one));
    if (wait === 0) return; // the window turned between the two calls of a store on real time
    expect(wait! > 0 && wait! <= 10 * SECOND).toEqual(true);
    await harness.advance(wait!);
    expect(await waits(store, charge('b', one))).toEqual([0]);
  });

  test('S3: a day of the calendar is the day of the store, and its end is the wait', async (store) => {
    const calendar = { period: 'day', timeZone: 'Asia/Kathmandu' } as const;
    const terms = { perMs: 25 * 3600 * SECOND, window: 'calendar', calendar } as const;
    const kinds = ['count', 'reserve', 'sum'] as const;
    const asked = kinds.map((kind) =>
      charge('b', { ...terms, kind, key: `acme/limit/${kind === 'count' ? kind : 'sum'}`, allow: 1, amount: 1 }),
    );
    const { now } = await store.sync();
    const { end } = periodAt(calendar, now);
    if (end - now < 60 * SECOND) return; // the day turns while a store on real time is asked
    for (const one of asked.slice(0, 2)) expect(await waits(store, { ...one, id: 'a' })).toEqual([0]);
    for (const one of asked) {
      const [wait] = await waits(store, one);
      expect(wait! <= end - now && wait! > end - now - 60 * SECOND).toEqual(true);
    }
  });

  test('of several limits all are charged or none', async (store) => {
    const narrow = (id: string): Charge => charge(id, { key: 'acme/limit/narrow', allow: 1 });
    expect(await waits(store, charge('a'), narrow('a'))).toEqual([0, 0]);
    for (const id of ['b', 'c', 'd']) {
      const [wide, tight] = await store.charge([charge(id), narrow(id)]);
      expect([wide?.exceeded, wide?.fresh, tight?.exceeded]).toEqual([false, false, true]);
    }
    expect(await waits(store, charge('e'))).toEqual([0]);
  });

  test('a limit of nothing admits nothing', async (store) => {
    expect(await waits(store, charge('a', { allow: 0 }))).toEqual([10 * SECOND]);
  });

  test('keys do not share anything', async (store) => {
    await store.charge([charge('a', { allow: 1 })]);
    expect(await waits(store, charge('a', { allow: 1, key: 'shadow:acme/limit/questions/user=bob' }))).toEqual([0]);
    expect(await waits(store, charge('b', { allow: 1, key: 'acme/limit/questions/user=eve' }))).toEqual([0]);
  });

  test('reported amounts count once per id, may overshoot, and leave with the window', async (store, harness) => {
    const tokens = (id: string): Charge => charge(id, { kind: 'sum', key: 'acme/limit/tokens', allow: 1_000_000 });
    const amount = {
      key: 'acme/limit/tokens',
      id: 'a',
      amount: 900_000,
      perMs: 10 * SECOND,
      window: 'sliding',
    } as const;
    await store.report([amount]);
    await store.report([amount]);
    expect(await waits(store, tokens('x'), tokens('y'))).toEqual([0, 0]);
    await harness.advance(2 * SECOND);
    await store.report([{ ...amount, id: 'b', amount: 5_000_000 }]);
    const [wait] = await waits(store, tokens('z'));
    expect(wait! > 9 * SECOND && wait! <= 10 * SECOND).toEqual(true);
    await harness.advance(wait!);
    expect(await waits(store, tokens('z'))).toEqual([0]);
  });

  test('reported amounts count apart and together, and the wait is until enough of them have left', async (store, harness) => {
    const tokens = (allow: number): Charge => charge('asking', { kind: 'sum', key: 'acme/limit/tokens', allow });
    const report = async (id: string, amount: number): Promise<void> =>
      store.report([{ key: 'acme/limit/tokens', id, amount, perMs: 10 * SECOND, window: 'sliding' }]);
    for (const id of ['a', 'b', 'c']) {
      await report(id, 100);
      await harness.advance(2 * SECOND);
    }
    expect(await waits(store, tokens(301))).toEqual([0]);
    for (const [allow, seconds] of [
      [300, 4],
      [200, 6],
      [100, 8],
    ] as const) {
      const [wait] = await waits(store, tokens(allow));
      expect(wait! > (seconds - 1) * SECOND && wait! <= seconds * SECOND).toEqual(true);
    }
    await harness.advance(4 * SECOND);
    expect(await waits(store, tokens(300))).toEqual([0]);
    expect((await waits(store, tokens(200)))[0]! > 0).toEqual(true);
  });

  test('amounts of any size add up to a refusal', async (store) => {
    const most = Number.MAX_SAFE_INTEGER;
    const terms = { key: 'acme/limit/tokens', perMs: 10 * SECOND, window: 'sliding' } as const;
    for (let i = 0; i < 1100; i += 100) {
      await store.report(Array.from({ length: 100 }, (_, j) => ({ ...terms, id: `r${i + j}`, amount: most })));
    }
    const [wait] = await waits(store, charge('asking', { kind: 'sum', key: terms.key, allow: most }));
    expect(wait! > 0).toEqual(true);
  });

  test('many small amounts are added up once each', async (store) => {
    const terms = { key: 'acme/limit/tokens', perMs: 60 * SECOND, window: 'sliding' } as const;
    const sum = async (allow: number): Promise<boolean> =>
      (await store.charge([charge('asking', { ...terms, kind: 'sum', allow })]))[0]!.exceeded;
    for (let twice = 0; twice < 2; twice++) {
      for (let i = 0; i < 5000; i += 500) {
        await store.report(Array.from({ length: 500 }, (_, j) => ({ ...terms, id: `r${i + j}`, amount: 1 })));
      }
    }
    expect([await sum(5000), await sum(5001)]).toEqual([true, false]);
  });

  test('a hold that is charged again is held for longer', async (store, harness) => {
    const hold = (id: string): Charge => charge(id, { kind: 'hold', key: 'acme/limit/at once', allow: 1 });
    await store.charge([hold('a')]);
    await harness.advance(8 * SECOND);
    expect(admitted(await store.charge([hold('a')]))).toEqual([{ exceeded: false, retryAfterMs: 0, fresh: false }]);
    await harness.advance(8 * SECOND);
    expect((await store.charge([hold('b')]))[0]?.exceeded).toEqual(true);
    await harness.advance(2 * SECOND);
    expect(await waits(store, hold('b'))).toEqual([0]);
  });

  test('a hold is kept until it is released, and a lost holder until it expires', async (store, harness) => {
    const hold = (id: string): Charge => charge(id, { kind: 'hold', key: 'acme/limit/at once', allow: 1 });
    expect(await waits(store, hold('a'))).toEqual([0]);
    const [refused] = await store.charge([hold('b')]);
    expect([refused?.exceeded, refused?.retryAfterMs]).toEqual([true, SECOND]);
    await store.release([{ key: hold('a').key, id: 'nobody' }]);
    expect((await store.charge([hold('b')]))[0]?.exceeded).toEqual(true);
    await store.release([{ key: hold('a').key, id: 'a' }]);
    await store.release([{ key: hold('a').key, id: 'a' }]);
    expect(await waits(store, hold('b'))).toEqual([0]);
    await harness.advance(10 * SECOND);
    expect(await waits(store, hold('c'))).toEqual([0]);
  });
}
