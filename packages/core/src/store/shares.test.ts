import { describe, expect, it } from 'vitest';
import { createMemoryStore } from './memory-store.ts';
import { createShares } from './shares.ts';
import type { Charge } from './store.ts';

const MAX = 900;
const repeat = (tenant: string, user: string, output: number): Charge => ({
  ...{ key: `${tenant}/limit/loop/user=${user}/output=${output}`, id: `e${output}`, kind: 'count', allow: 1 },
  ...{ perMs: 60_000, window: 'sliding' },
});
const admitted = (store: ReturnType<typeof createMemoryStore>, charge: Charge): boolean | string => {
  try {
    return !(store.charge([charge]) as readonly { exceeded: boolean }[])[0]!.exceeded;
  } catch (error) {
    return (error as { code: string }).code;
  }
};

describe('shares of the memory store', () => {
  it('one user takes half of it at most, and everybody else goes on', () => {
    const store = createMemoryStore({ maxKeys: MAX });
    const own = Array.from({ length: 5000 }, (_, i) => admitted(store, repeat('acme', 'mallory', i)));
    expect(own.filter((one) => one === true).length).toBe(MAX / 2);
    expect(own.at(-1)).toBe('STORE_FULL');
    for (const [tenant, user] of [
      ['acme', 'bob'],
      ['beta', 'eve'],
    ] as const) {
      expect(Array.from({ length: 50 }, (_, i) => admitted(store, repeat(tenant, user, i))).every(Boolean)).toBe(true);
    }
    // What is there already is never refused.
    expect(admitted(store, repeat('acme', 'mallory', 0))).toBe(true);
    expect(store.fill?.()).toEqual({ held: MAX / 2 + 100, max: MAX });
  });

  it('one tenant takes eight ninths at most, whatever its users are called', () => {
    const store = createMemoryStore({ maxKeys: MAX });
    for (let i = 0; i < 5000; i++) admitted(store, repeat('acme', `user ${i}`, i));
    expect(store.fill?.().held).toBe((MAX * 8) / 9);
    expect(admitted(store, repeat('beta', 'eve', 1))).toBe(true);
  });

  it('sessions that name no user share one place', () => {
    const store = createMemoryStore({ maxKeys: MAX });
    for (let i = 0; i < 5000; i++) {
      admitted(store, { ...repeat('acme', '', i), key: `acme/limit/loop/session=${i}` });
    }
    expect(store.fill?.().held).toBe(MAX / 2);
    expect(admitted(store, repeat('acme', 'bob', 1))).toBe(true);
  });

  it('room that has become free is given out again', () => {
    let time = 0;
    const store = createMemoryStore({ maxKeys: MAX, now: () => time });
    for (let i = 0; i < 5000; i++) admitted(store, repeat('acme', 'mallory', i));
    time = 120_000;
    expect(admitted(store, repeat('acme', 'mallory', 5000))).toBe(true);
    expect(store.fill?.().held).toBe(1);
  });

  it('where it evicts, a user loses the oldest of its own counts, never one of another, nor a strike', () => {
    const store = createMemoryStore({ maxKeys: MAX, whenFull: 'evict' });
    const ladder = { after: { strikes: 2, withinMs: 60_000 }, forMs: 1000 };
    const strike = (id: string) => [
      { key: 'acme/ladder/abuse/user=mallory', id, offences: [{ key: id, points: 1 }], ladder, rememberMs: 60_000 },
    ];
    void store.strike(strike('a'));
    admitted(store, repeat('acme', 'bob', 1));
    for (let i = 0; i < 5000; i++) expect(admitted(store, repeat('acme', 'mallory', i))).toBe(true);
    expect(store.fill?.().held).toBeLessThanOrEqual(MAX / 2 + 1);
    expect(store.charge([{ ...repeat('acme', 'bob', 1), id: 'another' }])).toMatchObject([{ exceeded: true }]);
    expect(store.charge([{ ...repeat('acme', 'mallory', 4999), id: 'another' }])).toMatchObject([{ exceeded: true }]);
    expect(store.charge([{ ...repeat('acme', 'mallory', 0), id: 'another' }])).toMatchObject([{ exceeded: false }]);
    expect(store.strike(strike('b'))).toMatchObject([{ level: 0, retryAfterMs: 1000 }]);
  });

  it('what never came in changes nothing when it leaves', () => {
    const shares = createShares(4);
    shares.leave('acme/limit/q/user=bob');
    shares.enter('acme/limit/q/user=bob');
    for (const key of ['acme/limit/q/user=eve', 'beta/limit/q/user=bob']) shares.leave(key);
    expect(shares.held).toBe(1);
    shares.leave('acme/limit/q/user=bob');
    shares.leave('acme/limit/q/user=bob');
    expect(shares.held).toBe(0);
  });

  it('refuse a user who holds as many as are free, a tenant eight times as many, and everybody when nothing is', () => {
    const key = (tenant: string, user: string, n = 0): string => `${tenant}/limit/q${n}/user=${user}`;
    const few = createShares(3);
    few.enter(key('acme', 'bob'));
    expect([few.refuses(key('acme', 'bob', 1)), few.refuses(key('acme', 'eve'))]).toEqual([undefined, undefined]);
    few.enter(key('acme', 'bob', 1));
    expect([few.refuses(key('acme', 'bob', 2)), few.refuses(key('acme', 'eve'))]).toEqual(['user', undefined]);
    few.leave(key('acme', 'bob'));
    expect(few.refuses(key('acme', 'bob'))).toBeUndefined();
    few.enter(key('acme', 'bob'));
    few.enter(key('beta', 'ann'));
    expect([key('acme', 'bob', 2), key('gamma', 'joe')].map((one) => few.refuses(one))).toEqual(['store', 'store']);

    const many = createShares(9);
    for (let n = 0; n < 7; n++) many.enter(key('acme', `u${n}`));
    many.enter(key('beta', 'ann'));
    expect(many.refuses(key('acme', 'new'))).toBeUndefined();
    many.leave(key('beta', 'ann'));
    many.enter(key('acme', 'u7'));
    expect([many.refuses(key('acme', 'new')), many.refuses(key('beta', 'ann'))]).toEqual(['tenant', undefined]);
    many.leave(key('acme', 'u7'));
    many.enter(key('beta', 'ann'));
    expect(many.refuses(key('acme', 'new'))).toBeUndefined();
  });

  it('name the oldest count of a user, and none of one who has none', () => {
    const shares = createShares(9);
    shares.enter('acme/ladder/abuse/user=bob');
    expect(shares.oldestCount('acme/limit/q/user=bob')).toBeUndefined();
    for (const id of ['b', 'a']) shares.enter(`acme/limit/${id}/user=bob`);
    expect(shares.oldestCount('acme/limit/q/user=bob')).toBe('acme/limit/b/user=bob');
    shares.leave('acme/limit/b/user=bob');
    expect(shares.oldestCount('acme/limit/q/user=bob')).toBe('acme/limit/a/user=bob');
    expect([shares.oldestCount('acme/limit/q/user=eve'), shares.oldestCount('beta/limit/q')]).toEqual([
      undefined,
      undefined,
    ]);
  });
});
