import { expect, it, vi } from 'vitest';
import { FlyballError } from '../errors.ts';
import type { Charge } from '../store/store.ts';
import { createFallback } from './fallback.ts';
import { createHealth } from './health.ts';

const charge = (id: string, more: Partial<Charge> = {}): Charge => ({
  ...{ key: 'acme/limit/q/user=bob', id, kind: 'count', allow: 1, perMs: 60_000, window: 'sliding' },
  ...more,
});

it('a process counts by itself until its store has caught up, and begins anew after that', () => {
  const fallback = createFallback();
  const refused = (id: string) => fallback.charge([charge(id)]).map(({ exceeded }) => exceeded);
  expect([refused('a'), refused('b')]).toEqual([[false], [true]]);
  fallback.clear();
  expect([refused('c'), refused('d')]).toEqual([[false], [true]]);
});

it('what was reserved and held by itself is given back by itself', () => {
  const fallback = createFallback();
  const reserved = charge('r', { kind: 'reserve', key: 'acme/limit/money', amount: 1, attempt: 'one' });
  const refused = (id: string) => fallback.charge([{ ...reserved, id }]).map(({ exceeded }) => exceeded);
  expect([refused('r'), refused('s')]).toEqual([[false], [true]]);
  fallback.settle([{ ...reserved, amount: 0, attempt: 'one' }]);
  expect(refused('s')).toEqual([false]);
  const hold = charge('h', { kind: 'hold', key: 'acme/limit/at once' });
  expect([hold, { ...hold, id: 'i' }].map((one) => fallback.charge([one])[0]?.exceeded)).toEqual([false, true]);
  fallback.release([hold]);
  expect(fallback.charge([{ ...hold, id: 'i' }])[0]?.exceeded).toBe(false);
});

it('labels of this process join those of the store', () => {
  const fallback = createFallback();
  const key = 'acme/labels/session/user=bob/session=s';
  const known = ['private'];
  expect(fallback.joinLabels(key, known)).toBe(known);
  expect(fallback.labels({ key, add: ['untrusted'], rememberMs: 60_000 })).toEqual(['untrusted']);
  expect(fallback.joinLabels(key, known)).toEqual(['private', 'untrusted']);
  expect(fallback.joinLabels('acme/labels/session/user=eve/session=t', known)).toBe(known);
});

it('a process strikes by itself, and gives back nothing that it never took', () => {
  const fallback = createFallback();
  const hold = charge('h', { kind: 'hold', key: 'acme/limit/at once' });
  fallback.release([hold]);
  fallback.settle([{ ...hold, amount: 1 }]);
  const ladder = { after: { strikes: 1, withinMs: 60_000 }, forMs: 1000 };
  const strike = { key: 'acme/ladder/a/user=u', id: 'e1', offences: [{ key: 'o', points: 1 }], ladder, rememberMs: 1 };
  expect(fallback.strike([strike])).toMatchObject([{ fresh: true, retryAfterMs: 1000 }]);
});

it('a process that cannot remember any more knows nothing by itself', () => {
  const fallback = createFallback();
  const key = 'acme/labels/session/user=bob/session=s';
  const many = Array.from({ length: 300 }, (_, i) => `l${i}`);
  expect(fallback.labels({ key, add: many, rememberMs: 60_000 })).toEqual([]);
});

it('joined labels are sorted, and asking for them makes none of them last longer', () => {
  vi.useFakeTimers();
  try {
    const fallback = createFallback();
    const key = 'acme/labels/session/user=bob/session=s';
    fallback.labels({ key, add: ['a'], rememberMs: 1000 });
    expect(fallback.joinLabels(key, ['c', 'b'])).toEqual(['a', 'b', 'c']);
    vi.advanceTimersByTime(1000);
    expect(fallback.joinLabels(key, ['c', 'b'])).toEqual(['c', 'b']);
  } finally {
    vi.useRealTimers();
  }
});

it('health shows the error of a store in its own words, and nobody can change what it shows', () => {
  const health = createHealth();
  const cause = new FlyballError<string>('REDIS_REFUSED', 'redis refuses this user');
  health.failed({ ok: false, failure: { part: 'store', id: 'look', code: 'UNAVAILABLE' }, cause }, 25);
  const { lastError } = health.status();
  expect(lastError).toMatchObject({ code: 'REDIS_REFUSED', message: 'redis refuses this user' });
  expect(Object.isFrozen(lastError)).toBe(true);
});

it('health says nothing of errors until there was one', () => {
  const health = createHealth();
  expect(health.status()).toStrictEqual({ timeouts: 0 });
  health.failed({ ok: false, failure: { part: 'store', id: 'look', code: 'THREW' }, cause: new Error('odd') }, 25);
  expect(health.status()).toMatchObject({
    timeouts: 0,
    lastError: { code: 'STORE_FAILED', message: 'the store could not serve `look`: odd' },
  });
  health.failed({ ok: false, failure: { part: 'store', id: 'charge', code: 'TIMEOUT' }, cause: new Error('late') }, 25);
  expect(health.status()).toMatchObject({ timeouts: 1, lastError: { code: 'STORE_TIMEOUT' } });
});
