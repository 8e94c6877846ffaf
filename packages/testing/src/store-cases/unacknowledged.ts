import type { Amendment, Charge, Store } from '@flyball/core/store';
import type { StoreSuite } from '../store-harness.ts';
import { admitted, charge, halt, lift, SECOND, strike, TERMS } from './samples.ts';

const SUMS = 'acme/limit/payouts';
const AGAIN = [{ exceeded: false, retryAfterMs: 0, fresh: false }];

/**
 * Calls that were carried out and whose answers never arrived. Whoever made them knows nothing of them, and sends them
 * again, settles them or gives them back, perhaps by way of another process.
 */
export function unacknowledgedCases({ test, expect }: StoreSuite): void {
  const hold = (id: string): Charge => charge(id, { kind: 'hold', key: 'acme/limit/at once' });
  const reserve = (id: string, amount: number, attempt: string): Charge =>
    charge(id, { kind: 'reserve', key: SUMS, allow: 100, amount, attempt });
  const settle = async (store: Store, id: string, amount: number, attempt?: string): Promise<void> =>
    store.report([
      { key: SUMS, id, amount, perMs: 10 * SECOND, window: 'sliding', ...(attempt !== undefined && { attempt }) },
    ]);
  const left = async (store: Store): Promise<unknown> => {
    const [one] = await store.look([
      { of: 'limit', key: SUMS, kind: 'sum', allow: 100, perMs: 10 * SECOND, window: 'sliding' },
    ]);
    return one?.of === 'limit' && one.remaining;
  };

  test('S1: charges of which nobody heard are admitted when they are sent again, though nothing is left by then', async (first, harness) => {
    const second = await harness.open();
    const all = [charge('a'), hold('a'), reserve('a', 60, 'one')];
    await first.charge(all);
    for (const one of [charge('b'), hold('b'), reserve('b', 40, 'one')]) await second.charge([one]);
    for (const one of [charge('c'), hold('c'), reserve('c', 1, 'one')]) {
      expect((await second.charge([one]))[0]?.exceeded).toEqual(true);
    }
    expect(admitted(await second.charge(all))).toEqual([...AGAIN, ...AGAIN, ...AGAIN]);
    expect(await left(second)).toEqual(0);
  });

  test('S1: sent again while the first is still under way, a charge is taken once', async (first, harness) => {
    const second = await harness.open();
    for (const one of [charge('a'), hold('a'), reserve('a', 60, 'one')]) {
      const answers = await Promise.all([first, second, first, second].map(async (store) => store.charge([one])));
      expect(answers.filter(([answer]) => answer!.fresh).length).toEqual(1);
      expect(answers.some(([answer]) => answer!.exceeded)).toEqual(false);
    }
    expect(await left(second)).toEqual(40);
    for (const one of [charge('b'), hold('b')]) expect((await second.charge([one]))[0]?.fresh).toEqual(true);
    for (const one of [charge('c'), hold('c')]) expect((await second.charge([one]))[0]?.exceeded).toEqual(true);
  });

  test('a place of which nobody heard is given back by its id, once', async (first, harness) => {
    const second = await harness.open();
    await first.charge([hold('a'), charge('a')]);
    await first.charge([hold('b')]);
    for (let twice = 0; twice < 2; twice++) await second.release([{ key: hold('a').key, id: 'a' }]);
    expect((await second.charge([hold('c')]))[0]?.fresh).toEqual(true);
    expect((await second.charge([hold('d')]))[0]?.exceeded).toEqual(true);
  });

  test('a reservation of which nobody heard is settled or given back as if somebody had', async (first, harness) => {
    const second = await harness.open();
    await first.charge([reserve('a', 60, 'one')]);
    await settle(second, 'a', 25);
    expect(await left(second)).toEqual(75);
    await first.charge([reserve('b', 70, 'one')]);
    // The same event tried again elsewhere: it has its room, and what it gives back is not what the first try took.
    expect(admitted(await second.charge([reserve('b', 70, 'two')]))).toEqual(AGAIN);
    await settle(second, 'b', 0, 'two');
    expect(await left(second)).toEqual(5);
    await settle(second, 'b', 0, 'one');
    expect(await left(second)).toEqual(75);
  });

  test('a reservation that never arrived is settled all the same, and given back for nothing', async (store) => {
    await settle(store, 'a', 0, 'one');
    expect(await left(store)).toEqual(100);
    await settle(store, 'a', 30);
    for (let twice = 0; twice < 2; twice++) await settle(store, 'a', 30);
    expect(await left(store)).toEqual(70);
  });

  test('S2: strikes of which nobody heard count once, and the cooldown they made is told to who sends them again', async (first, harness) => {
    const second = await harness.open();
    for (const id of ['a', 'b', 'c']) await first.strike([strike(id)]);
    await harness.advance(SECOND);
    for (const id of ['a', 'b', 'c']) {
      const [answer] = await second.strike([strike(id)]);
      expect([answer?.fresh, answer?.points, answer?.level]).toEqual([false, 0, 1]);
      expect(answer!.retryAfterMs > 0 && answer!.retryAfterMs <= SECOND).toEqual(true);
    }
    // The level of one cooldown, not of two.
    await harness.advance(2 * SECOND);
    const [next] = await second.strike([strike('d', { offences: [{ key: 'd', points: 3 }] })]);
    expect(next?.retryAfterMs).toEqual(6 * SECOND);
  });

  test('S5: what an operator does of which nobody heard is done once: a halt, a lift, a cooldown put on', async (first, harness) => {
    const second = await harness.open();
    const set = await first.control(halt('h1', { tenant: 'acme' }));
    expect(await second.control(halt('h1', { tenant: 'acme' }))).toEqual(set);
    const lifted = await first.control(lift('l1', { tenant: 'acme' }));
    const after = await first.control(halt('h2', { tenant: 'acme' }));
    // The same request again lifts nothing that came after it.
    expect(await second.control(lift('l1', { tenant: 'acme' }))).toEqual(lifted);
    expect((await second.sync()).controls).toEqual([after?.control]);
    const subject = { key: 'acme/ladder/abuse/user=bob', ladder: TERMS, cause: 'olga' };
    const put: Amendment = { op: 'put_on', forMs: 5 * SECOND, ...subject };
    await first.amend(put);
    await second.amend(put);
    const [cooling] = (await second.sync()).cooldowns;
    expect(cooling!.retryAfterMs <= 5 * SECOND && cooling!.retryAfterMs > 4 * SECOND).toEqual(true);
  });

  test('labels of which nobody heard are there, and adding them again adds nothing', async (first, harness) => {
    const second = await harness.open();
    const request = { key: 'acme/labels/session/session=s1', add: ['untrusted'], rememberMs: 10 * SECOND };
    await first.labels(request);
    expect(await second.labels({ ...request, add: [] })).toEqual(['untrusted']);
    expect(await second.labels(request)).toEqual(['untrusted']);
  });
}
