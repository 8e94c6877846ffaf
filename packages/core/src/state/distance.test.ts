import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { GovernedEvent } from '../contract/event.ts';
import type { Limit } from '../contract/limits.ts';
import { createMemoryStore } from '../store/memory-store.ts';
import { StoreError } from '../store/store-error.ts';
import type { Store } from '../store/store.ts';
import { createState, type State } from './state.ts';

// A store that is some way off: how far is measured, and many writes do not take as many ways.

const LIMIT: Limit = {
  ...{ id: 'q', key: ['user'], on: ['input'], unit: 'events', allow: 1e6, perMs: 60_000, window: 'sliding' },
  then: 'cooldown',
} as const;
const TOKENS: Limit = { ...LIMIT, id: 'tokens', unit: 'tokens', allow: 1e9 };

const eventOf = (id: string, user = 'u'): GovernedEvent => ({
  ...{ id, interactionId: id, stage: 'input', point: 'model', subject: { tenant: 'acme', user } },
  ...{ resource: {}, attributes: {}, labels: [], content: [] },
});
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

let state: State | undefined;
beforeEach(() => void vi.useFakeTimers());
afterEach(async () => {
  vi.useRealTimers();
  await state?.close();
});

it('the first question, which may have had to connect, says nothing about how many calls may be under way', async () => {
  const memory = createMemoryStore();
  let [syncs, underWay, most] = [0, 0, 0];
  const store: Store = {
    ...memory,
    shared: true,
    async sync(since) {
      await pause(syncs++ === 0 ? 500 : 1);
      return memory.sync(since);
    },
    async charge(charges) {
      most = Math.max(most, ++underWay);
      await pause(1);
      underWay--;
      return memory.charge(charges);
    },
  };
  const one = (state = createState({ store, deadlineMs: 10_000, now: Date.now }));
  const ready = one.ready();
  await vi.advanceTimersByTimeAsync(500);
  await ready;
  const flood = (from: number): Promise<unknown> =>
    Promise.all(
      Array.from({ length: 200 }, async (_, i) =>
        one.charge({ limits: [LIMIT], event: eventOf(`e${from + i}`), shadow: false }),
      ),
    );
  expect(one.status().roundTripMs).toBeUndefined();
  let done = flood(0);
  await vi.advanceTimersByTimeAsync(1);
  // By the first question there would be room for 20,000.
  // Of eight places, what one user may have.
  expect(most).toBe(6);
  await vi.advanceTimersByTimeAsync(50);
  await done;
  // Asked again soon, not only when the next second is over.
  expect([syncs, one.status().roundTripMs]).toEqual([2, 1]);
  done = flood(200);
  await vi.advanceTimersByTimeAsync(50);
  await done;
  expect(most).toBe(30);
});

it.each([
  ['of one user', 1],
  ['of ten thousand users', 10_000],
])(
  '10,000 writes %s that wait for a store 5 ms away are there a second and a half after it is back',
  { timeout: 180_000 },
  async (_, users) => {
    const memory = createMemoryStore();
    let gone = false;
    const counted = new Set<string>();
    const far = async <T>(work: () => T | Promise<T>): Promise<T> => {
      if (gone) throw new StoreError('GONE', 'gone', { failure: 'UNAVAILABLE' });
      await pause(5);
      return work();
    };
    const store: Store = {
      ...memory,
      shared: true,
      sync: (since) => far(async () => memory.sync(since)),
      report: (amounts) => far(() => amounts.forEach(({ key, id }) => counted.add(`${key} ${id}`))),
    };
    const one = (state = createState({ store, now: Date.now }));
    const ready = one.ready();
    await vi.advanceTimersByTimeAsync(100);
    await ready;
    gone = true;
    for (let i = 0; i < 10_000; i++) {
      const event = eventOf(`e${i}`, `u${i % users}`);
      await one.report({ limits: [TOKENS], unit: 'tokens', amount: 1, event, shadow: false });
    }
    expect(one.status()).toMatchObject({ connected: false, queued: 10_000, lost: 0 });
    gone = false;
    await vi.advanceTimersByTimeAsync(1500);
    expect(one.status()).toMatchObject({ connected: true, queued: 0, lost: 0 });
    expect(counted.size).toBe(10_000);
  },
);

it('a store that is near says no warning, one that is further away than its deadline says so', async () => {
  for (const [away, deadlineMs, warned] of [
    [1, 25, false],
    [40, 25, true],
  ] as const) {
    const memory = createMemoryStore();
    const store: Store = {
      ...memory,
      shared: true,
      async sync(since) {
        await pause(away);
        return memory.sync(since);
      },
    };
    const one = createState({ store, deadlineMs, now: Date.now });
    const ready = one.ready();
    await vi.advanceTimersByTimeAsync(3000);
    await ready;
    const { warning, roundTripMs } = one.status();
    expect(roundTripMs).toBe(away);
    if (warned) expect(warning).toBe(DISTANT);
    else expect(one.status()).not.toHaveProperty('warning');
    await one.close();
  }
});

const DISTANT = 'the store is 40 ms away and has 25 ms: no limit is answered in time; raise its `deadlineMs`';

it('what the store warns of is said beside it', async () => {
  const memory = createMemoryStore();
  const warnings = ['it may evict', undefined];
  const store: Store = {
    ...memory,
    shared: true,
    warning: () => warnings[0],
    async sync(since) {
      await pause(40);
      return memory.sync(since);
    },
  };
  const one = (state = createState({ store, deadlineMs: 25, now: Date.now }));
  const ready = one.ready();
  await vi.advanceTimersByTimeAsync(3000);
  await ready;
  expect(one.status().warning).toBe(`${DISTANT}. it may evict`);
  warnings.shift();
  expect(one.status().warning).toBe(DISTANT);
});

it('S6: a store that is gone is asked four times as often whether it is back', async () => {
  const memory = createMemoryStore();
  let [gone, syncs] = [false, 0];
  const store: Store = {
    ...memory,
    shared: true,
    async sync(since) {
      syncs++;
      if (gone) throw new StoreError('GONE', 'gone', { failure: 'UNAVAILABLE' });
      return memory.sync(since);
    },
  };
  const one = (state = createState({ store, now: Date.now, pollMs: 1000 }));
  await one.ready();
  await vi.advanceTimersByTimeAsync(5000);
  syncs = 0;
  await vi.advanceTimersByTimeAsync(10_000);
  expect(syncs).toBe(10);
  gone = true;
  await vi.advanceTimersByTimeAsync(1000);
  syncs = 0;
  await vi.advanceTimersByTimeAsync(10_000);
  expect([syncs, one.status().connected]).toEqual([40, false]);
  gone = false;
  await vi.advanceTimersByTimeAsync(250);
  expect(one.status().connected).toBe(true);
});

it('room that an operator gave while a charge was under way is not forgotten over its answer', async () => {
  const memory = createMemoryStore();
  let [charges, held]: [number, Promise<void> | undefined] = [0, undefined];
  let pushed: Parameters<Store['subscribe']>[0] = () => undefined;
  const store: Store = {
    ...memory,
    shared: true,
    async charge(asked) {
      charges++;
      const answer = memory.charge(asked);
      await held;
      return answer;
    },
    subscribe(listener) {
      pushed = listener;
      return memory.subscribe(listener);
    },
  };
  const limit: Limit = { ...LIMIT, allow: 1 };
  const one = (state = createState({ store, deadlineMs: 1000, now: Date.now }));
  await one.ready();
  const charge = (id: string) => one.charge({ limits: [limit], event: eventOf(id), shadow: false, first: true });
  await charge('a');
  let release = (): void => undefined;
  held = new Promise((resolve) => (release = resolve));
  const late = charge('b');
  await vi.advanceTimersByTimeAsync(5);
  // What an operator's reset announces.
  pushed({ kind: 'cooldown', epoch: 1, key: 'acme/limit/q/user=u', retryAfterMs: 0 });
  release();
  held = undefined;
  expect((await late).answers).toMatchObject([{ exceeded: true }]);
  await charge('c');
  expect(charges).toBe(3);
  // Nobody gave any room since: it is known to have none.
  await charge('d');
  expect(charges).toBe(3);
});

it('a limit whose allowance cannot be worked out says why, and the others are charged', async () => {
  const memory = createMemoryStore();
  const one = (state = createState({ store: memory, now: Date.now }));
  const thrown = (error: unknown) => ({
    source: 'x',
    evaluate(): never {
      throw error;
    },
  });
  const limits = [
    thrown(Object.assign(new Error('x'), { code: 'MISSING' })),
    thrown(Object.assign(new Error('x'), { code: 'INVALID_ANSWER' })),
    thrown(Object.assign(new Error('x'), { code: 'ANOTHER' })),
    thrown(new Error('x')),
    { source: 'x', evaluate: () => -1 },
    { source: 'x', evaluate: () => 'many' },
    { source: 'x', evaluate: () => Infinity },
    { source: 'x', evaluate: () => 5.9 },
  ].map((allow, at) => ({ ...LIMIT, id: `q${at}`, allow: allow as never }));
  const { answers, errors } = await one.charge({ limits, event: eventOf('e'), shadow: false });
  expect(errors.map(({ part, id, code }) => `${part} ${id} ${code}`)).toEqual([
    'limit q0 MISSING',
    'limit q1 INVALID_ANSWER',
    'limit q2 THREW',
    'limit q3 THREW',
    'limit q4 INVALID_ANSWER',
    'limit q5 INVALID_ANSWER',
    'limit q6 INVALID_ANSWER',
  ]);
  expect(answers).toMatchObject([{ limit: 'q7', exceeded: false, standing: { allow: 5, remaining: 4 } }]);
});

it('a store of this process is not asked again and again, and none is after the end', async () => {
  const memory = createMemoryStore();
  for (const shared of [false, true]) {
    let syncs = 0;
    const store: Store = { ...memory, shared, sync: (...asked) => (syncs++, memory.sync(...asked)) };
    const one = createState({ store, now: Date.now, pollMs: 1000 });
    await one.ready();
    await vi.advanceTimersByTimeAsync(10_000);
    if (shared) expect(syncs).toBeGreaterThan(9);
    else expect(syncs).toBe(1);
    await one.close();
    syncs = 0;
    await vi.advanceTimersByTimeAsync(10_000);
    expect(syncs).toBe(0);
  }
});

it('S2: what was struck is remembered for a day, or for as long as it matters where that is longer', async () => {
  const DAY = 86_400_000;
  const kept: number[] = [];
  const memory = createMemoryStore();
  const store: Store = {
    ...memory,
    strike: (strikes) => (kept.push(...strikes.map(({ rememberMs }) => rememberMs)), memory.strike(strikes)),
  };
  const one = (state = createState({ store, now: Date.now }));
  for (const [withinMs, escalate] of [
    [1000, undefined],
    [2 * DAY, undefined],
    [1000, { factor: 2, maxMs: 5000, forgetMs: 3 * DAY }],
  ] as const) {
    const ladder = { id: 'abuse', key: ['user'], after: { strikes: 3, withinMs }, forMs: 1000 } as const;
    const ladders = { abuse: { ...ladder, ...(escalate !== undefined && { escalate }) } };
    const strikes = [{ ladder: 'abuse', points: 1, rules: ['r'] }];
    await one.strike({ strikes, ladders, event: eventOf(`e${withinMs}`), shadow: false });
  }
  expect(kept).toEqual([DAY, 2 * DAY, 3 * DAY]);
});
