import { describe, expect, it } from 'vitest';
import { createMemoryStore } from './memory-store.ts';
import { describeStore } from './store-suite.ts';

describeStore(
  'memory store',
  () => {
    let time = 1_795_300_000_000;
    const store = createMemoryStore({ now: () => time });
    return { open: () => store, advance: (ms) => void (time += ms), close: () => store.close() };
  },
  { describe, it, expect },
);

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
    expect(store.charge(charge('b'))).toEqual([{ exceeded: false, retryAfterMs: 0, fresh: false }]);
    time = 2000;
    expect(store.charge(charge('c'))).toEqual([{ exceeded: false, retryAfterMs: 0, fresh: true }]);
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
});
