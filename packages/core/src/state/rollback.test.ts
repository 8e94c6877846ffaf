import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Control } from '../contract/control.ts';
import type { GovernedEvent } from '../contract/event.ts';
import { createMemoryStore } from '../store/memory-store.ts';
import type { ControlRequest, Push, Store, SyncAnswer } from '../store/store.ts';
import { createState, type State } from './state.ts';

const OPERATOR = { who: 'ops', why: 'drill' };

interface Rewindable extends Store {
  /** How many changes it has taken. */
  readonly changes: number;
  /**
   * Forgets all changes but the first so many: a snapshot, or a replica that missed writes. It keeps its incarnation.
   */
  rewind(to: number, reconnect?: boolean): void;
  /** Pushes reach nobody. */
  silent: boolean;
}

/** A shared store that can come back older. Like a store that does not notice, it never changes its incarnation. */
function rewindable(): Rewindable {
  let taken: ControlRequest[] = [];
  let store = createMemoryStore();
  const listeners = new Set<(push: Push) => void>();
  const relay = (): void => {
    const current = store;
    current.subscribe((push) => {
      if (current === store && !self.silent) for (const listener of listeners) listener(push);
    });
  };
  const self: Rewindable = {
    ...store,
    shared: true,
    silent: false,
    get changes() {
      return taken.length;
    },
    async control(request) {
      taken.push(request);
      return store.control(request);
    },
    async sync(since) {
      const real = (store.sync() as SyncAnswer).incarnation;
      const answer = store.sync(since && { ...since, incarnation: real }) as SyncAnswer;
      return { ...answer, incarnation: 'one' };
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    rewind(to, reconnect = false) {
      taken = taken.slice(0, to);
      store = createMemoryStore();
      for (const request of taken) void store.control(request);
      relay();
      if (reconnect) for (const listener of listeners) listener({ kind: 'connected' });
    },
  };
  relay();
  return self;
}

const open: State[] = [];
async function connect(store: Store, pollMs = 20): Promise<State> {
  const state = createState({ store, pollMs, deadlineMs: 200, backgroundTimeoutMs: 500 });
  open.push(state);
  await state.ready();
  return state;
}
afterEach(async () => {
  for (const state of open.splice(0)) await state.close();
});

const eventOf = (tenant: string): Pick<GovernedEvent, 'subject' | 'resource'> => ({
  subject: { tenant },
  resource: {},
});
const halted = (state: State, tenant: string): boolean => state.controlsFor(eventOf(tenant)).controls.length > 0;
const tenants = (controls: readonly Control[]): string[] => controls.map(({ scope }) => scope.tenant ?? '').toSorted();
const soon = (condition: () => void | Promise<void>): Promise<void> =>
  vi.waitFor(condition, { timeout: 2000, interval: 5 });

describe.each([
  ['whose connection stayed', false],
  ['that was reconnected to', true],
])('a store that comes back older, %s', (_, reconnect) => {
  it('S5, D6: is given back the halts and modes it lost, keeps lifted what was lifted, and every process agrees', async () => {
    const store = rewindable();
    const [one, other] = [await connect(store), await connect(store)];
    await one.control.halt({ tenant: 'lifted' }, OPERATOR);
    await one.control.halt({ tenant: 'kept' }, OPERATOR);
    const snapshot = store.changes;
    for (let i = 0; i < 10; i++) await one.control.halt({ tenant: `t${i}` }, OPERATOR);
    await one.control.setMode({ tenant: 'quiet' }, 'off', OPERATOR);
    await one.control.resume({ tenant: 'lifted' }, OPERATOR);
    await soon(() => expect(halted(other, 't9')).toBe(true));

    store.rewind(snapshot, reconnect);
    const expected = ['kept', 'quiet', ...Array.from({ length: 10 }, (_, i) => `t${i}`)];
    await soon(async () => expect(tenants((await store.sync()).controls!)).toEqual(expected));
    const late = await connect(store);
    for (const state of [one, other, late])
      await soon(async () => expect(tenants(await state.control.list())).toEqual(expected));
  });

  it('S5: a halt that is given after it reaches every process, though its number was used before', async () => {
    const store = rewindable();
    const [one, other] = [await connect(store), await connect(store)];
    for (let i = 0; i < 10; i++) await one.control.halt({ tenant: `t${i}` }, OPERATOR);
    await soon(() => expect(halted(other, 't9')).toBe(true));
    store.rewind(0, reconnect);
    await one.control.halt({ tenant: 'victim' }, OPERATOR);
    await soon(() => expect([halted(one, 'victim'), halted(other, 'victim')]).toEqual([true, true]));
    await one.control.setMode({ tenant: 'next' }, 'off', OPERATOR);
    await soon(() => expect([halted(one, 'next'), halted(other, 'next')]).toEqual([true, true]));
  });

  it('S5: a mode that is set after it is in force here when the call resolves', async () => {
    const store = rewindable();
    const state = await connect(store, 60_000);
    for (let i = 0; i < 10; i++) await state.control.halt({ tenant: `t${i}` }, OPERATOR);
    const late = await connect(store, 60_000);
    store.silent = true;
    store.rewind(0, reconnect);
    await state.control.setMode({ tenant: 'next' }, 'off', OPERATOR);
    expect(halted(state, 'next')).toBe(true);
    await late.control.setMode({ tenant: 'third' }, 'off', OPERATOR);
    expect(halted(late, 'third')).toBe(true);
  });

  it('what was lifted is lifted again, and not what has taken its place meanwhile', async () => {
    const store = rewindable();
    const state = await connect({
      ...store,
      async control(request) {
        const fresh = { id: 'fresh', kind: 'halt', scope: { tenant: 'acme' }, ...OPERATOR } as const;
        if (request.op === 'lift' && request.id.startsWith('again')) await store.control({ op: 'set', control: fresh });
        return store.control(request);
      },
    });
    await state.control.halt({ tenant: 'acme' }, OPERATOR);
    const snapshot = store.changes;
    await state.control.resume({ tenant: 'acme' }, OPERATOR);
    store.rewind(snapshot, reconnect);
    await soon(async () => expect((await store.sync()).controls?.map(({ id }) => id)).toEqual(['fresh']));
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(halted(state, 'acme')).toBe(true);
  });

  it('a halt it lost is lifted by one `resume`', async () => {
    const store = rewindable();
    const [one, other] = [await connect(store, 60_000), await connect(store)];
    await one.control.halt({ tenant: 'acme' }, OPERATOR);
    await soon(() => expect(halted(other, 'acme')).toBe(true));
    store.rewind(0);
    expect(await one.control.resume({ tenant: 'acme' }, OPERATOR)).toMatchObject({ op: 'lift' });
    expect(halted(one, 'acme')).toBe(false);
    await soon(() => expect(halted(other, 'acme')).toBe(false));
  });
});

describe('a store that came back older and has gone on since', () => {
  it('S5: is asked for everything once it was reconnected to, however far it has come', async () => {
    const store = rewindable();
    const [one, other] = [await connect(store, 60_000), await connect(store, 60_000)];
    await one.control.halt({ tenant: 'lost' }, OPERATOR);
    await soon(() => expect(halted(other, 'lost')).toBe(true));
    store.silent = true;
    store.rewind(0);
    for (let i = 0; i < 5; i++) {
      const control = { id: `elsewhere ${i}`, kind: 'halt', scope: { tenant: `e${i}` }, ...OPERATOR } as const;
      await store.control({ op: 'set', control });
    }
    store.silent = false;
    store.rewind(store.changes, true);
    const expected = ['e0', 'e1', 'e2', 'e3', 'e4', 'lost'];
    for (const state of [one, other])
      await soon(() => expect(['e0', 'e4', 'lost'].map((name) => halted(state, name))).toEqual([true, true, true]));
    expect(tenants((await store.sync()).controls!)).toEqual(expected);
  });

  it('S5: gives itself away by a push, where no connection was lost', async () => {
    const store = rewindable();
    const [one, other] = [await connect(store, 60_000), await connect(store, 60_000)];
    await one.control.halt({ tenant: 'lost' }, OPERATOR);
    await one.control.halt({ tenant: 'second' }, OPERATOR);
    await soon(() => expect(halted(other, 'second')).toBe(true));
    store.rewind(0);
    await store.control({ op: 'set', control: { id: 'new', kind: 'halt', scope: { tenant: 'new' }, ...OPERATOR } });
    for (const state of [one, other])
      await soon(() =>
        expect(['new', 'lost', 'second'].map((name) => halted(state, name))).toEqual([true, true, true]),
      );
    await soon(async () => expect(tenants((await store.sync()).controls!)).toEqual(['lost', 'new', 'second']));
  });
});

describe('confirmation', () => {
  it('S5: an answer that could not be taken confirms nothing', async () => {
    const store = rewindable();
    const state = createState({
      store: { ...store, sync: async () => ({ ...(await store.sync()), full: false, epoch: 0 }) },
      pollMs: 10,
      staleAfterMs: 50,
    });
    open.push(state);
    await state.ready();
    expect(state.controlsFor(eventOf('acme')).errors).toHaveLength(1);
  });
});
