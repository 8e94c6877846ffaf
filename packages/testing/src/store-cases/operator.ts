import type { Amendment, Look, Store } from '@flyball/core/store';
import type { StoreSuite } from '../store-harness.ts';
import { charge, halt, listen, SECOND, strike, TERMS, waitUntil } from './samples.ts';

const LADDER = 'acme/ladder/abuse/user=bob';
const LIMIT = 'acme/limit/questions/user=bob';
const SUMS = 'acme/limit/tokens/user=bob';
const LIMIT_TERMS = { allow: 2, perMs: 10 * SECOND, window: 'sliding' } as const;

/** What operators see and do of single subjects, and which processes know of it. */
export function operatorCases({ test, expect }: StoreSuite): void {
  const onLadder = async (store: Store): Promise<unknown> => {
    const [looked] = await store.look([{ of: 'ladder', key: LADDER, ladder: TERMS }]);
    return looked;
  };
  const ladder = (points: number, level: number, retryAfterMs: number, cause?: string): unknown => ({
    of: 'ladder',
    ...{ points, level, retryAfterMs },
    ...(cause !== undefined && { cause }),
  });
  const amend = (op: 'lift' | 'forgive' | 'put_on', cause: string, forMs = 5 * SECOND): Amendment => {
    const one = { key: LADDER, ladder: TERMS, cause };
    return op === 'put_on' ? { op, ...one, forMs } : { op, ...one };
  };
  const cooled = (id: string, cause: string) => strike(id, { offences: [{ key: id, points: 3 }], cause });
  const close = (ms: number, wanted: number): boolean => ms <= wanted && ms > wanted - SECOND;

  test('what is kept of a subject is shown: points, level, the cooldown and the cause of the latest strike', async (store) => {
    expect(await onLadder(store)).toEqual(ladder(0, 0, 0));
    await store.strike([strike('a', { cause: 'first' })]);
    await store.strike([strike('b', { cause: 'second' })]);
    // One that counts nothing is no cause.
    await store.strike([strike('b', { cause: 'third' })]);
    expect(await onLadder(store)).toEqual(ladder(2, 0, 0, 'second'));
    await store.strike([cooled('c', 'fourth')]);
    const [looked] = await store.look([{ of: 'ladder', key: LADDER, ladder: TERMS }]);
    expect(looked?.of === 'ladder' && [looked.points, looked.level, looked.cause]).toEqual([0, 1, 'fourth']);
    expect(looked?.of === 'ladder' && close(looked.retryAfterMs, 2 * SECOND)).toEqual(true);
  });

  test('what is left of a limit is shown, by charges and by looks alike, and looking takes nothing', async (store, harness) => {
    const count: Look = { of: 'limit', key: LIMIT, kind: 'count', ...LIMIT_TERMS };
    const sum: Look = { of: 'limit', key: SUMS, kind: 'sum', ...LIMIT_TERMS, allow: 100 };
    const left = async (): Promise<readonly unknown[]> =>
      (await store.look([count, sum])).map((one) => one.of === 'limit' && [one.remaining, one.resetMs]);
    expect(await left()).toEqual([
      [2, 0],
      [100, 0],
    ]);
    const [first] = await store.charge([charge('a', { key: LIMIT })]);
    expect([first?.remaining, close(first!.resetMs, 10 * SECOND)]).toEqual([1, true]);
    const [reserved] = await store.charge([charge('a', { key: SUMS, kind: 'reserve', allow: 100, amount: 60 })]);
    expect([reserved?.remaining, close(reserved!.resetMs, 10 * SECOND)]).toEqual([40, true]);
    const [asked] = await store.charge([charge('b', { key: SUMS, kind: 'sum', allow: 100 })]);
    expect(asked?.remaining).toEqual(40);
    await harness.advance(4 * SECOND);
    // Until the oldest of them leaves.
    const [second] = await store.charge([charge('b', { key: LIMIT })]);
    expect([second?.remaining, close(second!.resetMs, 6 * SECOND)]).toEqual([0, true]);
    const [refused] = await store.charge([charge('c', { key: LIMIT })]);
    expect([refused?.exceeded, refused?.remaining, close(refused!.resetMs, 6 * SECOND)]).toEqual([true, 0, true]);
    const [counted, summed] = await store.look([count, sum]);
    expect(counted?.of === 'limit' && [counted.remaining, close(counted.resetMs, 6 * SECOND)]).toEqual([0, true]);
    expect(summed?.of === 'limit' && [summed.remaining, close(summed.resetMs, 6 * SECOND)]).toEqual([40, true]);
    await harness.advance(7 * SECOND);
    const [later] = await store.look([count]);
    expect(later?.of === 'limit' && later.remaining).toEqual(1);
  });

  test('a lifted cooldown has ended, and the level stays', async (store, harness) => {
    await store.strike([cooled('a', 'offence')]);
    expect(await store.amend(amend('lift', 'olga'))).toEqual(ladder(0, 1, 0, 'olga'));
    expect((await store.sync()).cooldowns).toEqual([]);
    await harness.advance(SECOND);
    // The next one is a second one.
    const [next] = await store.strike([cooled('b', 'again')]);
    expect([next?.level, next?.retryAfterMs]).toEqual([2, 6 * SECOND]);
    expect((await store.sync()).cooldowns.map(({ key }) => key)).toEqual([LADDER]);
  });

  test('a subject that is forgiven is as one that never offended, and the same offence does not count again', async (store) => {
    await store.strike([cooled('a', 'offence')]);
    await store.strike([strike('b')]);
    expect(await store.amend(amend('forgive', 'olga'))).toEqual(ladder(0, 0, 0));
    expect((await store.strike([cooled('a', 'offence')]))[0]).toEqual({
      fresh: false,
      ...{ points: 0, level: 0, retryAfterMs: 0 },
    });
    const [next] = await store.strike([cooled('c', 'again')]);
    expect([next?.level, next?.retryAfterMs]).toEqual([1, 2 * SECOND]);
  });

  test('a cooldown that is put on holds for as long as it says, is no strike, and shortens none', async (store, harness) => {
    expect(await store.amend(amend('put_on', 'olga'))).toEqual(ladder(0, 0, 5 * SECOND, 'olga'));
    expect(await store.amend(amend('put_on', 'eve', SECOND))).toEqual(ladder(0, 0, 5 * SECOND, 'eve'));
    const [listed] = (await store.sync()).cooldowns;
    expect([listed?.key, close(listed!.retryAfterMs, 5 * SECOND)]).toEqual([LADDER, true]);
    await harness.advance(5 * SECOND);
    expect((await store.sync()).cooldowns).toEqual([]);
    expect((await store.strike([strike('a')]))[0]?.points).toEqual(1);
  });

  test('what is not kept can be lifted and forgiven without becoming something', async (store) => {
    expect(await store.amend(amend('lift', 'olga'))).toEqual(ladder(0, 0, 0));
    expect(await store.amend(amend('forgive', 'olga'))).toEqual(ladder(0, 0, 0));
  });

  test('a limit that is reset has all its room again, whatever it counts, and its ids are new', async (store) => {
    const asked = charge('a', { key: SUMS, kind: 'reserve', allow: 100, amount: 100, attempt: 'one' });
    for (const id of ['a', 'b']) await store.charge([charge(id, { key: LIMIT })]);
    await store.charge([asked]);
    expect((await store.charge([charge('c', { key: LIMIT })]))[0]?.exceeded).toEqual(true);
    const reset = { op: 'reset', ...LIMIT_TERMS } as const;
    expect(await store.amend({ ...reset, key: LIMIT, kind: 'count' })).toEqual({
      of: 'limit',
      ...{ remaining: 2, resetMs: 0 },
    });
    expect(await store.amend({ ...reset, key: SUMS, kind: 'sum', allow: 100 })).toEqual({
      of: 'limit',
      ...{ remaining: 100, resetMs: 0 },
    });
    expect((await store.charge([charge('c', { key: LIMIT })]))[0]?.fresh).toEqual(true);
    expect((await store.charge([asked]))[0]?.fresh).toEqual(true);
    // What had been reserved before counts as what it came to.
    await store.report([{ key: SUMS, id: 'a', amount: 30, perMs: 10 * SECOND, window: 'sliding' }]);
    const [left] = await store.charge([charge('z', { key: SUMS, kind: 'sum', allow: 100 })]);
    expect(left?.remaining).toEqual(70);
  });

  test('every process hears of it, by a push and by the re-read, however late', async (first, harness) => {
    const second = await harness.open();
    const { seen, stop } = await listen(second);
    await first.strike([cooled('a', 'offence')]);
    // Of a cluster it may come late, and is none of those that are counted below.
    await waitUntil(() => seen.length > 0);
    seen.length = 0;
    const before = await second.sync();
    await first.amend(amend('lift', 'olga'));
    await first.amend({ op: 'reset', key: LIMIT, kind: 'count', ...LIMIT_TERMS });
    await first.amend({ ...amend('put_on', 'olga'), key: 'acme/ladder/abuse/user=eve' });
    await waitUntil(() => seen.length >= 3);
    stop();
    const pushed = seen.map((push) => push.kind === 'cooldown' && `${push.key} ${push.retryAfterMs > 0}`);
    const wanted = [`${LADDER} false`, `${LIMIT} false`, 'acme/ladder/abuse/user=eve true'];
    expect(pushed).toEqual(wanted);
    await harness.advance(SECOND);
    const { full, cooldowns } = await second.sync(before);
    const listed = cooldowns.map(({ key, retryAfterMs }) => `${key} ${retryAfterMs > 0}`);
    expect([full, listed.toSorted()]).toEqual([false, wanted.toSorted()]);
    // Whoever asks for everything knows of nothing that was lifted.
    expect((await second.sync()).cooldowns.map(({ key }) => key)).toEqual(['acme/ladder/abuse/user=eve']);
  });

  test('processes say that they are here and what they know, and are forgotten when they leave or fall silent', async (first, harness) => {
    const second = await harness.open();
    await first.sync(undefined, 'one');
    const known = await second.sync(undefined, 'two');
    const seen = async (): Promise<readonly string[]> =>
      (await first.processes()).map(({ process, epoch }) => `${process} ${epoch}`).toSorted();
    expect(await seen()).toEqual(['one 0', 'two 0']);
    const change = await first.control(halt('h1', {}));
    await second.sync(known, 'two');
    const later = await second.sync(known, 'two');
    await second.sync(later, 'two');
    await first.sync({ ...later, incarnation: 'another' }, 'one');
    expect(await seen()).toEqual(['one 0', `two ${change?.epoch}`]);
    await first.processes('two');
    expect(await seen()).toEqual(['one 0']);
    await harness.advance(31 * SECOND);
    expect(await seen()).toEqual([]);
  });

  test('of many controls a cursor is answered with those that changed, lifts included', async (store) => {
    for (let i = 0; i < 50; i++) await store.control(halt(`h${i}`, { tenant: `t${i}` }));
    const before = await store.sync();
    await store.control(halt('new', { tenant: 't7' }));
    await store.control({
      op: 'lift',
      ...{ id: 'l1', kind: 'halt', scope: { tenant: 't9' }, who: 'ops', why: 'over' },
    });
    const answer = await store.sync(before);
    const changed = answer.changes?.map(({ op, control }) => `${op} ${control.id}`).toSorted();
    expect([answer.full, answer.controls, changed]).toEqual([false, undefined, ['lift h9', 'set new']]);
    expect((await store.sync(answer)).changes).toEqual(undefined);
  });
}
