import type { Amount, Charge, LadderStrike, Look, Store } from '@flyball/core/store';
import type { StoreHarness, StoreSuite } from '../store-harness.ts';
import { charge, halt, SECOND, strike, TERMS } from './samples.ts';

const COUNT = { key: 'acme/limit/questions/user=bob', allow: 2, perMs: 10 * SECOND, window: 'sliding' } as const;
const SUM = { ...COUNT, key: 'acme/limit/tokens/user=bob', allow: 100 } as const;
const LADDER = 'acme/ladder/abuse/user=bob';
const LABELS = 'acme/labels/session/user=bob/session=s1';

/** What has ended may be deleted, and nobody can tell whether it was. What has not ended stays. */
export function deletionCases({ test, expect }: StoreSuite): void {
  const reserve = (id: string): Charge => charge(id, { ...SUM, kind: 'reserve', amount: 30, attempt: 'one' });
  const amount = (id: string): Amount => ({ key: SUM.key, id, amount: 30, perMs: SUM.perMs, window: SUM.window });
  const cooled = (id: string, more: Partial<LadderStrike> = {}): LadderStrike =>
    strike(id, { offences: [{ key: `offence of ${id}`, points: 3 }], rememberMs: 40 * SECOND, ...more });
  /** Something of everything that a subject can have. */
  async function use(store: Store, id: string): Promise<void> {
    await store.charge([charge(id), reserve(`reserved ${id}`)]);
    await store.report([amount(`reported ${id}`)]);
    await store.strike([cooled(id)]);
    await store.labels({ key: LABELS, add: [`label ${id}`], rememberMs: 40 * SECOND });
  }
  const LOOKS: readonly Look[] = [
    { of: 'limit', kind: 'count', ...COUNT },
    { of: 'limit', kind: 'sum', ...SUM },
    { of: 'ladder', key: LADDER, ladder: TERMS },
  ];
  async function kept(store: Store): Promise<unknown> {
    const labels = await store.labels({ key: LABELS, add: [], rememberMs: SECOND });
    const [count, sum, ladder] = await store.look(LOOKS);
    return [
      count?.of === 'limit' && count.remaining,
      sum?.of === 'limit' && sum.remaining,
      ladder?.of === 'ladder' && ladder.level,
      labels,
      (await store.sync()).cooldowns.length,
    ];
  }
  const NOTHING = [2, 100, 0, [], 0];
  /** Others come and go beside it, as many as make every store put away what has ended. */
  async function others(store: Store, harness: StoreHarness): Promise<void> {
    for (let i = 0; i < 120; i += 20) {
      const some = Array.from({ length: 20 }, (_, j) => `user=other${i + j}`);
      await store.charge(some.map((user) => charge('x', { key: `acme/limit/questions/${user}`, perMs: 100 })));
      await store.report(some.map((user) => ({ ...amount('x'), key: `acme/limit/tokens/${user}`, perMs: 100 })));
      const brief = { ladder: { after: { strikes: 3, withinMs: 100 }, forMs: 100 }, rememberMs: 100 };
      await store.strike(some.map((user) => cooled('x', { key: `acme/ladder/abuse/${user}`, ...brief })));
      await harness.advance(150);
    }
  }

  test('what has ended is as if it had never been, and its ids are new', async (store, harness) => {
    await use(store, 'a');
    expect(await kept(store)).toEqual([1, 40, 1, ['label a'], 1]);
    // The longest of it: a cooldown of two seconds whose level is forgotten after thirty, and what is remembered for
    // forty.
    await harness.advance(40 * SECOND);
    expect(await kept(store)).toEqual(NOTHING);
    const answers = await store.charge([charge('a'), reserve('reserved a')]);
    expect(answers.map(({ fresh, remaining }) => [fresh, remaining])).toEqual([
      [true, 1],
      [true, 70],
    ]);
    await store.report([amount('reported a')]);
    const [struck] = await store.strike([cooled('a')]);
    expect([struck?.fresh, struck?.level, struck?.retryAfterMs]).toEqual([true, 1, 2 * SECOND]);
    expect(await kept(store)).toEqual([1, 40, 1, [], 1]);
  });

  test('nothing goes before its time, whatever ends beside it', async (store, harness) => {
    await use(store, 'a');
    await others(store, harness);
    expect(await kept(store)).toEqual([1, 40, 1, ['label a'], 1]);
    // Known ids count nothing.
    await use(store, 'a');
    expect(await kept(store)).toEqual([1, 40, 1, ['label a'], 1]);
    await harness.advance(9 * SECOND);
    // Limits have let go, and a level and its ids have not. An id of a sum is known for a window at least.
    await others(store, harness);
    expect(await kept(store)).toEqual([2, 100, 1, ['label a'], 0]);
    expect((await store.strike([cooled('a')]))[0]).toEqual({ fresh: false, points: 0, level: 1, retryAfterMs: 0 });
    const [next] = await store.strike([cooled('b')]);
    expect([next?.fresh, next?.level, next?.retryAfterMs]).toEqual([true, 2, 6 * SECOND]);
  });

  test('what is used again is kept again, from its last use on', async (store, harness) => {
    for (const id of ['a', 'b', 'c']) {
      await use(store, id);
      await harness.advance(9 * SECOND);
    }
    // Of three uses nine seconds apart, limits know the last.
    expect(await kept(store)).toEqual([1, 40, 3, ['label a', 'label b', 'label c'], 1]);
    // The third cooldown was of ten seconds, and its level is forgotten thirty after it.
    await harness.advance(29 * SECOND);
    await others(store, harness);
    expect(await kept(store)).toEqual([2, 100, 3, ['label a', 'label b', 'label c'], 0]);
    await harness.advance(2 * SECOND);
    expect(await kept(store)).toEqual(NOTHING);
  });

  test('S5: a control that ends by itself is gone at its end, and its scope is free', async (store, harness) => {
    await store.control(halt('brief', { tenant: 'acme' }, 2 * SECOND));
    const stays = await store.control(halt('stays', { tenant: 'globex' }));
    const known = await store.sync();
    await harness.advance(2 * SECOND);
    expect((await store.sync()).controls).toEqual([stays?.control]);
    // Its end is no change: who knows it knows when it ends.
    expect((await store.sync(known)).changes).toEqual(undefined);
    expect((await store.history(10)).map(({ control }) => control.id)).toEqual(['stays', 'brief']);
    const next = await store.control(halt('next', { tenant: 'acme' }));
    expect((await store.sync()).controls?.map(({ id }) => id).toSorted()).toEqual(['next', 'stays']);
    expect(next?.op).toEqual('set');
  });

  test('S5: a store that was emptied says that it is another one, and begins from nothing', async (store, harness) => {
    // Data that no other process sees is emptied only with its process.
    if (harness.snapshot === undefined) return expect(store.shared).toEqual(false);
    const empty = await harness.snapshot();
    await use(store, 'a');
    const lost = await store.control(halt('h1', { tenant: 'acme' }));
    const known = await store.sync();
    await empty();
    const answer = await store.sync(known);
    expect([answer.full, answer.incarnation === known.incarnation, answer.controls]).toEqual([true, false, []]);
    expect(await kept(store)).toEqual(NOTHING);
    await use(store, 'a');
    expect(await kept(store)).toEqual([1, 40, 1, ['label a'], 1]);
    // What a process knows that the store has lost is put back.
    expect((await store.control({ op: 'restore', control: lost!.control }))?.control.id).toEqual('h1');
    expect((await store.sync()).controls?.map(({ id }) => id)).toEqual(['h1']);
  });
}
