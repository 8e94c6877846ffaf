import { describe, expect, it } from 'vitest';
import { createMemoryStore } from './memory-store.ts';
import type { SyncAnswer } from './store.ts';

// That it keeps the promises of stores is tested where their suite is, in `packages/testing`.

describe('memory store: bounds', () => {
  const charge = (user: string, perMs = 1000) => [
    { key: `acme/limit/q/user=${user}`, id: 'e1', kind: 'count', allow: 1, perMs, window: 'sliding' } as const,
  ];

  it('refuses new subjects when full, keeps the old ones, and takes new ones when old ones have expired', () => {
    let time = 0;
    const store = createMemoryStore({ now: () => time, maxKeys: 2 });
    void store.charge(charge('a'));
    void store.charge(charge('b', 60_000));
    expect(() => store.charge(charge('c'))).toThrow(
      expect.objectContaining({ code: 'STORE_FULL', failure: 'UNAVAILABLE' }),
    );
    expect(store.charge(charge('b'))).toMatchObject([{ exceeded: false, retryAfterMs: 0, fresh: false }]);
    time = 2000;
    expect(store.charge(charge('c'))).toMatchObject([{ exceeded: false, retryAfterMs: 0, fresh: true }]);
  });

  it('forgets expired subjects while it is used', () => {
    let time = 0;
    const store = createMemoryStore({ now: () => time, maxKeys: 1000 });
    for (let round = 0; round < 20; round++) {
      for (let i = 0; i < 500; i++) void store.charge(charge(`${round}.${i}`));
      time += 1000;
    }
  });

  it('does not follow a clock that goes back', () => {
    let time = 10_000;
    const store = createMemoryStore({ now: () => time });
    void store.charge(charge('a'));
    time = 0;
    expect(store.sync()).toMatchObject({ now: 10_000 });
  });

  it('counts sessions with labels among the subjects it holds', () => {
    const store = createMemoryStore({ maxKeys: 1 });
    const labels = (session: string) => ({
      key: `acme/labels/session/session=${session}`,
      add: ['a'],
      rememberMs: 1000,
    });
    expect(store.labels(labels('s1'))).toEqual(['a']);
    expect(() => store.labels(labels('s2'))).toThrow(expect.objectContaining({ code: 'STORE_FULL' }));
    expect(store.labels(labels('s1'))).toEqual(['a']);
  });

  it('lists only cooldowns that are active, however many have ended', () => {
    let time = 0;
    const store = createMemoryStore({ now: () => time });
    const ladder = { after: { strikes: 1, withinMs: 10 }, forMs: 10 };
    for (let i = 0; i < 1000; i++) {
      const offences = [{ key: 'o', points: 1 }];
      void store.strike([{ key: `acme/ladder/l/user=u${i}`, id: 'e', offences, ladder, rememberMs: 10 }]);
      time += 1;
    }
    expect((store.sync() as SyncAnswer).cooldowns).toHaveLength(9);
  });

  it('counts on the time of day where it is given no clock', () => {
    const { now } = createMemoryStore().sync() as SyncAnswer;
    expect(Math.abs(now - Date.now())).toBeLessThan(60_000);
    expect(Number.isInteger(now)).toBe(true);
  });
});
