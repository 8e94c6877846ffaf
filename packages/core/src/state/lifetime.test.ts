import { afterEach, expect, it, vi } from 'vitest';
import type { GovernedEvent } from '../contract/event.ts';
import type { Ladder, Limit } from '../contract/limits.ts';
import { createMemoryStore } from '../store/memory-store.ts';
import type { Push, Store } from '../store/store.ts';
import { createState, type State, type StateOptions } from './state.ts';

// What a state asks of its store besides decisions: that it is heard of, that it listens, that it notices what is over.

const OPERATOR = { who: 'ops', why: 'drill' };
const SOON = { timeout: 20_000, interval: 5 };
const LIMIT: Limit = {
  ...{ id: 'q', key: ['tenant', 'user'], on: ['input'], unit: 'events', allow: 1, perMs: 60_000 },
  ...{ window: 'sliding', then: 'cooldown' },
};
let events = 0;
const event = (): GovernedEvent => ({
  ...{
    id: `e${events++}`,
    interactionId: 'i',
    stage: 'input',
    point: 'model',
    subject: { tenant: 'acme', user: 'bob' },
  },
  ...{ resource: {}, attributes: {}, labels: [], content: [] },
});

const open: State[] = [];
function make(store: Store, options: StateOptions = {}): State {
  const state = createState({ store, pollMs: 20, ...options });
  open.push(state);
  return state;
}
afterEach(async () => {
  for (const state of open.splice(0)) await state.close();
});
const shared = (more: Partial<Store> = {}): Store => ({ ...createMemoryStore(), shared: true, ...more });
const refused = async (state: State): Promise<boolean | undefined> =>
  (await state.charge({ limits: [LIMIT], event: event(), shadow: false })).answers[0]?.exceeded;

it('S5: a halt says in how many processes it is in force; one that has closed is no longer counted', async () => {
  const store = shared();
  const [one, other] = [make(store), make(store)];
  for (const state of [one, other]) await state.ready();
  const { inForce } = await one.control.halt({}, { ...OPERATOR, waitFor: 'all', waitMs: 20_000 });
  expect(inForce).toEqual({ processes: 2, of: 2 });
  await other.close();
  expect((await one.control.halt({ tool: 'x' }, { ...OPERATOR, waitFor: 'all' })).inForce).toEqual({
    processes: 1,
    of: 1,
  });
  const alone = make(createMemoryStore());
  expect((await alone.control.halt({}, OPERATOR)).inForce).toEqual({ processes: 1, of: 1 });
});

it('a state that is closed no longer listens', async () => {
  const listeners = new Set<(push: Push) => void>();
  const store = shared({
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  });
  const state = createState({ store });
  await state.ready();
  expect(listeners.size).toBe(1);
  await state.close();
  expect(listeners.size).toBe(0);
});

it('a store of this process that fails at first is asked again, until it answers', async () => {
  const memory = createMemoryStore();
  let failures = 3;
  const state = make({
    ...memory,
    sync: (...args) => (failures-- > 0 ? Promise.reject(new Error('not yet')) : memory.sync(...args)),
  });
  expect(state.controlsFor(event()).errors).toHaveLength(1);
  await vi.waitFor(() => expect(state.controlsFor(event()).errors).toEqual([]), SOON);
});

it('S6: a store that hangs is given up after one deadline, long before its re-read is', async () => {
  const memory = createMemoryStore();
  let hangs = false;
  const through = <T>(answer: () => T): T | Promise<never> => (hangs ? new Promise<never>(() => undefined) : answer());
  const state = make(
    shared({
      charge: (charges) => through(() => memory.charge(charges)),
      sync: (...args) => through(() => memory.sync(...args)),
    }),
    { deadlineMs: 20, backgroundTimeoutMs: 600_000, pollMs: 600_000 },
  );
  await state.ready();
  hangs = true;
  expect((await state.charge({ limits: [LIMIT], event: event(), shadow: false })).errors[0]?.code).toBe('TIMEOUT');
  await vi.waitFor(() => expect(state.status().connected).toBe(false), SOON);
});

it('S6: what a process counted by itself is forgotten once the store has everything, and counts again in the next outage', async () => {
  const memory = createMemoryStore();
  let gone = false;
  const through = <T>(answer: () => T): T => {
    if (gone) throw new Error('gone');
    return answer();
  };
  const unavailable = (): never => {
    throw Object.assign(new Error('gone'), { failure: 'UNAVAILABLE' });
  };
  const state = make(
    shared({
      charge: (charges) => (gone ? unavailable() : memory.charge(charges)),
      sync: (...args) => through(() => memory.sync(...args)),
    }),
  );
  await state.ready();
  for (let outage = 0; outage < 2; outage++) {
    gone = true;
    await vi.waitFor(async () => {
      await refused(state);
      expect(state.status().connected).toBe(false);
    }, SOON);
    expect(await refused(state)).toBe(true);
    gone = false;
    await vi.waitFor(() => expect(state.status().connected).toBe(true), SOON);
    // Nothing of it is in the store.
    if (outage === 0) {
      gone = true;
      const first = await state.charge({ limits: [LIMIT], event: event(), shadow: false });
      expect([first.errors.length, first.answers[0]?.exceeded]).toEqual([1, false]);
      gone = false;
      await vi.waitFor(() => expect(state.status().connected).toBe(true), SOON);
    }
  }
});

it('an operator waits a second for a store that hangs, unless another time is given', async () => {
  const state = make(shared({ control: () => new Promise(() => undefined) }));
  await state.ready();
  await expect(state.control.setMode({}, 'off', OPERATOR)).rejects.toMatchObject({
    code: 'STORE_TIMEOUT',
    message: expect.stringContaining('1000 ms') as string,
  });
});

it('what an operator asks for and the store refuses names the operation', async () => {
  const fail = (): never => {
    throw new Error('odd');
  };
  const state = make(shared({ look: fail, amend: fail, history: fail, setAll: fail, control: fail }));
  await state.ready();
  const ladder: Ladder = { id: 'l', key: ['user'], after: { strikes: 1, withinMs: 1000 }, forMs: 1000 };
  const key = 'acme/ladder/l/user=bob';
  for (const [operation, asked] of [
    ['look', () => state.subjects.look([{ of: 'ladder', key, ladder }])],
    ['amend', () => state.subjects.amend({ op: 'lift', key, ladder, cause: 'x' })],
    ['history', () => state.control.history()],
    ['setAll', () => state.control.setModes([{}], 'off', OPERATOR)],
    ['control', () => state.control.setMode({}, 'off', OPERATOR)],
  ] as const) {
    await expect(asked()).rejects.toMatchObject({
      code: 'STORE_FAILED',
      message: `the store could not serve \`${operation}\`: odd`,
    });
  }
});
