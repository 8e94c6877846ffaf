import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { GovernedEvent } from '../contract/event.ts';
import type { Limit } from '../contract/limits.ts';
import { createMemoryStore } from '../store/memory-store.ts';
import type { Store } from '../store/store.ts';
import { createState, type State } from './state.ts';

// One tenant asks more than the store takes. Everybody else must not notice.

const LIMIT: Limit = {
  ...{ id: 'q', key: ['user'], on: ['input'], unit: 'events', allow: 1e6, perMs: 60_000, window: 'sliding' },
  then: 'cooldown',
} as const;
const DEADLINE_MS = 25;
/** A clock by which the store is near: how many calls may be under way depends on that. */
const NEAR = (): number => 0;

let ids = 0;
const eventOf = (tenant: string, user = 'u'): GovernedEvent => ({
  ...{ id: `e${ids++}`, interactionId: `i${ids}`, stage: 'input', point: 'model', subject: { tenant, user } },
  ...{ resource: {}, attributes: {}, labels: [], content: [] },
});

// On timers of its own: what is in time must not depend on how busy the machine is.
beforeEach(() => void vi.useFakeTimers());
const opened: State[] = [];
afterEach(async () => {
  vi.useRealTimers();
  for (const state of opened.splice(0)) await state.close();
});
/** What a promise comes to, with the time passing that it needs. */
async function inTime<T>(promise: Promise<T>): Promise<T> {
  const seen = { over: false };
  void promise.finally(() => (seen.over = true)).catch(() => undefined);
  while (!seen.over) await vi.advanceTimersByTimeAsync(1);
  return promise;
}

/** A store that does one thing at a time, each of which takes as long, in the order in which they came. */
function serial(): { readonly store: Store; asked: number; workMs: number } {
  const memory = createMemoryStore();
  let last: Promise<unknown> = Promise.resolve();
  const server = { asked: 0, workMs: 0 };
  const queued =
    <A extends unknown[], T>(work: (...args: A) => T | Promise<T>) =>
    (...args: A): Promise<T> => {
      const done = last.then(async () => {
        if (server.workMs > 0) await new Promise((resolve) => setTimeout(resolve, server.workMs));
        return work(...args);
      });
      last = done;
      return done;
    };
  const store: Store = {
    ...memory,
    shared: true,
    charge: queued((charges) => {
      server.asked++;
      return memory.charge(charges);
    }),
    report: queued(memory.report),
    sync: queued(memory.sync),
  };
  return Object.assign(server, { store });
}

describe('one tenant that asks for more than the store takes', () => {
  it('S6: has its own calls fail, in time and unasked; those of others are answered, and the store counts as there', async () => {
    const server = serial();
    const state = createState({ store: server.store, deadlineMs: DEADLINE_MS, pollMs: 600_000, now: NEAR });
    opened.push(state);
    await state.ready();
    server.workMs = 1;
    const flood = Array.from({ length: 1000 }, async () =>
      state.charge({ limits: [LIMIT], event: eventOf('acme', 'mallory'), shadow: false }),
    );
    const neighbour = await inTime(
      Promise.resolve(state.charge({ limits: [LIMIT], event: eventOf('globex'), shadow: false })),
    );
    expect(neighbour.errors).toEqual([]);
    // It was behind the few that were under way, and before the rest.
    expect(server.asked).toBeLessThan(20);
    const codes = (await inTime(Promise.all(flood))).map(({ errors }) => errors[0]?.code);
    expect(codes.filter((code) => code === 'TIMEOUT').length).toBeGreaterThan(950);
    expect(new Set(codes)).toEqual(new Set(['TIMEOUT', undefined]));
    expect(state.status()).toMatchObject({ connected: true, lastError: { code: 'STORE_CROWDED' } });
    // What its caller no longer waits for is never done.
    expect(server.asked).toBeLessThan(50);
  });

  it('S6: what it reports too late is kept, and counted once there is time', async () => {
    const server = serial();
    const state = createState({ store: server.store, deadlineMs: DEADLINE_MS, pollMs: 20, now: NEAR });
    opened.push(state);
    await state.ready();
    server.workMs = 3;
    const limits: readonly Limit[] = [{ ...LIMIT, unit: 'tokens', allow: 1000 }];
    const event = eventOf('acme', 'mallory');
    await inTime(
      Promise.all(
        Array.from({ length: 100 }, async () =>
          state.report({ limits, unit: 'tokens', amount: 10, event, shadow: false }),
        ),
      ),
    );
    expect(state.status().queued).toBeGreaterThan(0);
    server.workMs = 0;
    while (state.status().queued > 0) await vi.advanceTimersByTimeAsync(1);
    expect(state.status().lost).toBe(0);
    const after = await inTime(
      Promise.resolve(state.charge({ limits, event: eventOf('acme', 'mallory'), shadow: false })),
    );
    expect(after.answers[0]).toMatchObject({ exceeded: true, standing: { remaining: 0 } });
  });
});
