import type { Amount, Charge, Store } from '@flyball/core/store';
import type { StoreSuite } from '../store-harness.ts';
import { admitted, charge, SECOND } from './samples.ts';

const KEY = 'acme/limit/payouts';

/** Amounts known before: taken while all of it fits, settled once it is known what it was. */
export function reservationCases({ test, expect }: StoreSuite): void {
  const reserve = (id: string, amount: number, more: Partial<Charge> = {}): Charge =>
    charge(id, { kind: 'reserve', key: KEY, allow: 5000, amount, attempt: `try of ${id}`, ...more });
  const settled = (id: string, amount: number, more: Partial<Amount> = {}): Amount => ({
    ...{ key: KEY, id, amount, perMs: 10 * SECOND, window: 'sliding' },
    ...more,
  });
  const admits = async (store: Store, one: Charge): Promise<boolean> => !(await store.charge([one]))[0]!.exceeded;
  /** What is left, found out without taking any of it. */
  const left = async (store: Store, most = 5000): Promise<number> => {
    let [low, high] = [0, most];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      const asked = await store.charge([
        reserve(`asking for ${middle}`, middle, { allow: most }),
        charge('nobody', { key: 'acme/limit/nothing', allow: 0 }),
      ]);
      if (asked[0]!.exceeded) high = middle - 1;
      else low = middle;
    }
    return low;
  };

  test('S1: of parallel transfers of 2,000 two pass a limit of 5,000, and one that fits beside them', async (first, harness) => {
    const second = await harness.open();
    const answers = await Promise.all(
      ['a', 'b', 'c'].map(async (id, i) => (i === 1 ? second : first).charge([reserve(id, 2000)])),
    );
    expect(answers.filter(([answer]) => answer?.fresh === true).length).toEqual(2);
    expect(await admits(second, reserve('d', 1001))).toEqual(false);
    expect(await admits(second, reserve('d', 1000))).toEqual(true);
    expect(await admits(first, reserve('e', 1))).toEqual(false);
  });

  test('an amount reserved twice under one id is taken once, whatever the second try asks for', async (store) => {
    expect(admitted(await store.charge([reserve('a', 3000)]))).toEqual([
      { exceeded: false, retryAfterMs: 0, fresh: true },
    ]);
    expect(admitted(await store.charge([reserve('a', 4000, { attempt: 'again' })]))).toEqual([
      { exceeded: false, retryAfterMs: 0, fresh: false },
    ]);
    expect(await left(store)).toEqual(2000);
  });

  test('what is settled takes the place of what was reserved, once', async (store) => {
    await store.charge([reserve('a', 3000)]);
    for (const amount of [1200, 700]) await store.report([settled('a', amount)]);
    expect(await left(store)).toEqual(3800);
    await store.charge([reserve('b', 3000)]);
    await store.report([settled('b', 4000)]);
    expect(await left(store)).toEqual(0);
    // It was more than there was room for: what was known only afterwards may overshoot.
    expect(await admits(store, reserve('c', 0))).toEqual(false);
  });

  test('what is given back is free at once, and its id can reserve again', async (store) => {
    await store.charge([reserve('a', 5000)]);
    expect(await admits(store, reserve('b', 1))).toEqual(false);
    for (let twice = 0; twice < 2; twice++) await store.report([settled('a', 0, { attempt: 'try of a' })]);
    expect(await left(store)).toEqual(5000);
    expect(admitted(await store.charge([reserve('a', 5000)]))).toEqual([
      { exceeded: false, retryAfterMs: 0, fresh: true },
    ]);
    expect(await left(store)).toEqual(0);
  });

  test('a try gives back what it took, not what another took or what was settled', async (store) => {
    await store.charge([reserve('a', 2000)]);
    for (const attempt of ['another', undefined]) {
      await store.report([settled('a', 0, attempt === undefined ? {} : { attempt })]);
    }
    expect(await left(store)).toEqual(3000);
    await store.report([settled('a', 2000)]);
    await store.report([settled('a', 0, { attempt: 'try of a' })]);
    expect(await left(store)).toEqual(3000);
  });

  test('what is settled without having been reserved counts, and a reservation that comes late takes no more', async (store) => {
    await store.report([settled('a', 2000)]);
    expect(admitted(await store.charge([reserve('a', 2000)]))).toEqual([
      { exceeded: false, retryAfterMs: 0, fresh: false },
    ]);
    expect(await left(store)).toEqual(3000);
    await store.report([settled('b', 0, { attempt: 'try of b' })]);
    expect((await store.charge([reserve('b', 2000)]))[0]?.fresh).toEqual(true);
  });

  test('reported and reserved amounts share the room', async (store) => {
    await store.report([settled('a', 4000)]);
    expect(await admits(store, reserve('b', 1001))).toEqual(false);
    expect(await admits(store, reserve('b', 1000))).toEqual(true);
    expect(await admits(store, charge('asking', { kind: 'sum', key: KEY, allow: 5000 }))).toEqual(false);
    expect(await admits(store, charge('asking', { kind: 'sum', key: KEY, allow: 5001 }))).toEqual(true);
  });

  test('a reservation leaves the window, and the wait is until enough of them have', async (store, harness) => {
    await store.charge([reserve('a', 3000)]);
    await harness.advance(4 * SECOND);
    await store.charge([reserve('b', 2000)]);
    const [wait] = await store.charge([reserve('c', 3000)]);
    expect(wait!.retryAfterMs > 5 * SECOND && wait!.retryAfterMs <= 6 * SECOND).toEqual(true);
    await harness.advance(wait!.retryAfterMs);
    expect(await admits(store, reserve('c', 3000))).toEqual(true);
    // Settled after it has left: nothing of it comes back.
    await store.report([settled('a', 1)]);
    expect(await left(store)).toEqual(0);
  });

  test('more than the limit never fits, and takes nothing', async (store) => {
    const [answer] = await store.charge([reserve('a', 5001)]);
    expect([answer?.exceeded, answer?.retryAfterMs]).toEqual([true, 10 * SECOND]);
    expect(await left(store)).toEqual(5000);
  });

  test('a reservation and other limits are taken all or none', async (store) => {
    const once = (id: string): Charge => charge(id, { allow: 1 });
    await store.charge([reserve('a', 1000), once('a')]);
    expect((await store.charge([reserve('b', 1000), once('b')])).map(({ fresh }) => fresh)).toEqual([false, false]);
    expect(await left(store)).toEqual(4000);
  });

  test('S1: amounts of any size are exact to the unit', async (first, harness) => {
    const second = await harness.open();
    const most = Number.MAX_SAFE_INTEGER;
    const wide = (id: string, amount: number): Charge => reserve(id, amount, { allow: most, perMs: 3600 * SECOND });
    expect(await admits(first, wide('a', most - 3))).toEqual(true);
    const answers = await Promise.all(
      Array.from({ length: 20 }, async (_, i) => admits(i % 2 === 0 ? first : second, wide(`b${i}`, 1))),
    );
    expect(answers.filter(Boolean).length).toEqual(3);
  });

  test('a reservation of nothing takes no room, and there is nothing to wait for', async (store) => {
    const nothing = { kind: 'reserve', allow: 100, amount: 0, attempt: 'one' } as const;
    const [first] = await store.charge([charge('a', nothing)]);
    expect([first?.fresh, first?.remaining, first?.resetMs]).toEqual([true, 100, 0]);
    const [again] = await store.charge([charge('a', nothing)]);
    expect([again?.fresh, again?.remaining, again?.resetMs]).toEqual([false, 100, 0]);
  });
}
