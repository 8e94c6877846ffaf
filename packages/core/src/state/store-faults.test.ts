import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { GovernedEvent } from '../contract/event.ts';
import type { Ladder, Limit } from '../contract/limits.ts';
import { createMemoryStore } from '../store/memory-store.ts';
import { StoreError } from '../store/store-error.ts';
import type { Push, Store } from '../store/store.ts';
import { createState, type State } from './state.ts';

// Every operation of a store that is somebody else's code, and everything such code can do wrong.

const LADDER: Ladder = { id: 'abuse', key: ['user'], after: { strikes: 1, withinMs: 1000 }, forMs: 60_000 };
const LIMIT: Limit = {
  id: 'questions',
  key: ['user'],
  on: ['input'],
  unit: 'tokens',
  allow: 2,
  perMs: 60_000,
  window: 'sliding',
  then: 'cooldown',
};
const EVENT: GovernedEvent = {
  id: 'e1',
  interactionId: 'i1',
  stage: 'input',
  point: 'model',
  subject: { tenant: 'acme', user: 'bob', session: 's1' },
  resource: {},
  attributes: {},
  labels: [],
  content: [],
};
const OPERATOR = { who: 'ops', why: 'drill' };

const broke = (): never => {
  throw new Error('broke');
};
const FAULTS: readonly [name: string, fault: () => unknown, code: string][] = [
  ['throws', broke, 'THREW'],
  [
    'throws nothing that can be read',
    () => {
      throw Object.create(null);
    },
    'THREW',
  ],
  ['rejects', () => Promise.reject(new Error('broke')), 'THREW'],
  [
    'says that it is gone',
    () => Promise.reject(new StoreError('GONE', 'gone', { failure: 'UNAVAILABLE' })),
    'UNAVAILABLE',
  ],
  ['hangs', () => new Promise(() => undefined), 'TIMEOUT'],
  ['answers a thenable that hangs', () => ({ then: () => undefined }), 'TIMEOUT'],
  ['answers a thenable that throws', () => ({ then: broke }), 'THREW'],
  [
    'answers a thenable that rejects',
    () => ({ then: (_: unknown, no: (e: Error) => void) => no(new Error('broke')) }),
    'THREW',
  ],
];
const NONSENSE: readonly [name: string, fault: () => unknown, code: string][] = [
  ['answers null', () => null, 'INVALID_ANSWER'],
  ['answers a number', () => 42, 'INVALID_ANSWER'],
  ['answers an empty object', () => ({}), 'INVALID_ANSWER'],
  ['answers a list of something else', () => [{ retryAfterMs: Number.NaN }], 'INVALID_ANSWER'],
  ['answers a promise of nonsense', () => Promise.resolve([0]), 'INVALID_ANSWER'],
];
const ABSENT: typeof NONSENSE = [['answers undefined', () => undefined, 'INVALID_ANSWER']];
const SHORT: typeof NONSENSE = [['answers too few', () => [], 'INVALID_ANSWER']];

let state: State | undefined;
let startedAt = 0;
beforeEach(() => void (startedAt = performance.now()));
afterEach(async () => {
  await state?.close();
  state = undefined;
  // Deadlines of 15 and 40 ms, on a machine that may be busy.
  expect(performance.now() - startedAt).toBeLessThan(1000);
});

/** A state on a shared store, one of whose operations fails from its second call on, or from the first. */
async function stateWith(operation: keyof Store, fault: () => unknown, fromStart = true): Promise<State> {
  let calls = 0;
  const memory = createMemoryStore();
  const sound = (memory[operation] as (...args: unknown[]) => unknown).bind(memory);
  const store = {
    ...memory,
    shared: true,
    [operation]: (...args: unknown[]) => (calls++ > 0 || fromStart ? fault() : sound(...args)),
  } as Store;
  state = createState({ store, pollMs: 60_000, deadlineMs: 15, backgroundTimeoutMs: 40 });
  await state.ready();
  return state;
}

const failure = (id: string, code: string): object => ({ part: 'store', id, code });

describe('a store whose `charge`', () => {
  it.each([...FAULTS, ...NONSENSE, ...ABSENT, ...SHORT])(
    '%s: the limit fails, and is counted in this process',
    async (_, fault, code) => {
      const one = await stateWith('charge', fault);
      const limits = [{ ...LIMIT, unit: 'events', allow: 1 }];
      const first = await one.charge({ limits, event: EVENT, shadow: false });
      const second = await one.charge({ limits, event: { ...EVENT, id: 'e2' }, shadow: false });
      expect([first.errors, first.answers[0]?.exceeded]).toEqual([[failure('questions', code)], false]);
      expect([second.errors.length, second.answers[0]?.exceeded]).toEqual([1, true]);
    },
  );
});

describe('a store whose `strike`', () => {
  it.each([...FAULTS, ...NONSENSE, ...ABSENT, ...SHORT])(
    '%s: the ladder fails, holds in this process, and is queued',
    async (_, fault, code) => {
      const one = await stateWith('strike', fault);
      const strikes = [{ ladder: 'abuse', points: 1, rules: [] }];
      const struck = await one.strike({ strikes, ladders: { abuse: LADDER }, event: EVENT, shadow: false });
      expect(struck.errors).toEqual([failure('abuse', code)]);
      expect(one.cooldownsFor([LADDER], EVENT, false)).toHaveLength(1);
      expect(one.status().queued).toBe(1);
    },
  );
});

describe('a store whose `labels`', () => {
  it.each([...FAULTS, ...NONSENSE, ...ABSENT])(
    '%s: a read fails, and an addition is queued and known here',
    async (_, fault, code) => {
      const one = await stateWith('labels', fault);
      const init = { event: EVENT, rememberMs: 60_000, shadow: false };
      expect(await one.labelsFor({ ...init, add: [] })).toEqual({ labels: [], errors: [failure('labels', code)] });
      expect(one.status().queued).toBe(0);
      expect((await one.labelsFor({ ...init, add: ['untrusted'] })).labels).toEqual(['untrusted']);
      expect((await one.labelsFor({ ...init, add: [] })).labels).toEqual(['untrusted']);
      expect(one.status().queued).toBe(1);
    },
  );
});

describe.each(['report', 'release'] as const)('a store whose `%s`', (operation) => {
  it.each(FAULTS)('%s: the write is queued', async (_, fault) => {
    const one = await stateWith(operation, fault);
    if (operation === 'report')
      await one.report({ limits: [LIMIT], unit: 'tokens', amount: 5, event: EVENT, shadow: false });
    else await one.release([{ key: 'acme/limit/x', id: 'i1' }]);
    expect(one.status().queued).toBe(1);
  });
});

describe('a store whose `control`', () => {
  it.each([...FAULTS, ...NONSENSE, ...ABSENT])(
    '%s: a halt holds here and says so, a mode is refused',
    async (_, fault, code) => {
      const one = await stateWith('control', fault);
      const told = { name: 'StoreError', failure: code };
      await expect(one.control.halt({}, OPERATOR)).rejects.toMatchObject({ ...told, code: 'HALT_NOT_SHARED' });
      expect(one.controlsFor(EVENT).controls).toHaveLength(1);
      await expect(one.control.setMode({}, 'off', OPERATOR)).rejects.toMatchObject(told);
      expect(one.controlsFor(EVENT).controls).toHaveLength(1);
    },
  );
});

describe('a store whose `history`', () => {
  it.each([...FAULTS, ...NONSENSE, ...ABSENT])('%s: the operator is told by a StoreError', async (_, fault, code) => {
    const one = await stateWith('history', fault);
    await expect(one.control.history()).rejects.toMatchObject({ name: 'StoreError', failure: code });
  });
});

describe('a store whose `sync`', () => {
  it.each([...FAULTS, ...NONSENSE, ...ABSENT, ...SHORT])(
    '%s: nothing that is known counts as confirmed',
    async (_, fault, code) => {
      const one = await stateWith('sync', fault);
      expect(one.controlsFor(EVENT).errors).toEqual([failure('controls', 'STALE')]);
      await expect(one.control.list()).rejects.toMatchObject({ name: 'StoreError', failure: code });
      expect(one.status()).toMatchObject({ connected: false, timeouts: code === 'TIMEOUT' ? expect.any(Number) : 0 });
    },
  );

  it('answers everything without controls: that lifts no halt', async () => {
    const answer = { incarnation: 'x', epoch: 5, now: 0, full: true, cooldowns: [] };
    const one = await stateWith('sync', () => answer, false);
    await one.control.halt({}, OPERATOR).catch(() => undefined);
    await expect(one.control.list()).rejects.toMatchObject({ failure: 'INVALID_ANSWER' });
    expect(one.controlsFor(EVENT).controls).toHaveLength(1);
  });
});

describe('a store whose `subscribe`', () => {
  it.each([...FAULTS, ...NONSENSE, ...ABSENT])('%s: changes are still re-read', async (_, fault) => {
    const one = await stateWith('subscribe', fault);
    expect(one.controlsFor(EVENT).errors).toEqual([]);
    await one.control.halt({}, OPERATOR);
    expect(await one.control.list()).toHaveLength(1);
  });

  it('says that the connection is lost: nobody waits for it, and a person is told why', async () => {
    let tell: (push: Push) => void = () => undefined;
    const memory = createMemoryStore();
    const sync = vi.fn<Store['sync']>(memory.sync);
    state = createState({
      store: { ...memory, sync, shared: true, subscribe: (listener) => ((tell = listener), () => undefined) },
    });
    await state.ready();
    sync.mockImplementation(() => new Promise(() => undefined));
    tell({ kind: 'lost', cause: new Error('ECONNREFUSED') });
    expect(state.status()).toMatchObject({ connected: false, lastError: { code: 'STORE_FAILED' } });
    const charged = state.charge({ limits: [{ ...LIMIT, unit: 'events' }], event: EVENT, shadow: false });
    expect(charged).toMatchObject({ errors: [failure('questions', 'UNAVAILABLE')] });
  });

  it('pushes nonsense: it is passed over, and what makes sense is taken', async () => {
    let tell: (push: Push) => void = () => undefined;
    const one = await stateWith('subscribe', () => undefined);
    await one.close();
    const memory = createMemoryStore();
    state = createState({
      store: { ...memory, shared: true, subscribe: (listener) => ((tell = listener), () => undefined) },
    });
    await state.ready();
    for (const said of [undefined, null, 5, {}, { kind: 'control' }, { kind: 'cooldown', epoch: 'x' }])
      tell(said as never);
    tell({ kind: 'cooldown', epoch: 1, key: 'acme/ladder/abuse/user=bob', retryAfterMs: 1000 });
    expect(state.cooldownsFor([LADDER], EVENT, false)).toHaveLength(1);
  });
});

describe('a store whose `close`', () => {
  it.each(FAULTS)('%s: closing ends', async (_, fault) => {
    const one = await stateWith('close', fault);
    await one.close();
  });
});

describe('a store that answers thenables of its own', () => {
  it('is as good as one that answers promises', async () => {
    const memory = createMemoryStore();
    const late = <T>(value: T): PromiseLike<T> => ({ then: (go) => Promise.resolve(value).then(go) });
    const wrapped = Object.fromEntries(
      (['charge', 'strike', 'labels', 'report', 'release', 'control', 'history', 'sync'] as const).map((name) => [
        name,
        (...args: unknown[]) => late((memory[name] as (...args: unknown[]) => unknown)(...args)),
      ]),
    );
    state = createState({ store: { ...memory, shared: true, ...wrapped } });
    await state.ready();
    const charged = await state.charge({ limits: [{ ...LIMIT, unit: 'events' }], event: EVENT, shadow: false });
    expect([charged.errors, charged.answers.length]).toEqual([[], 1]);
    expect(await state.labelsFor({ event: EVENT, add: ['a'], rememberMs: 5, shadow: false })).toEqual({
      labels: ['a'],
      errors: [],
    });
    await state.control.halt({}, OPERATOR);
    expect(await state.control.list()).toHaveLength(1);
  });
});

describe('what a person is told of a store', () => {
  it('the last error by its code and message, and how often it was too slow', async () => {
    const one = await stateWith('charge', () => new Promise(() => undefined));
    expect(one.status()).toMatchObject({ connected: true, timeouts: 0 });
    expect(one.status().lastError).toBeUndefined();
    const before = Date.now();
    await one.charge({ limits: [{ ...LIMIT, unit: 'events' }], event: EVENT, shadow: false });
    expect(one.status()).toMatchObject({
      timeouts: 1,
      lastError: { code: 'STORE_TIMEOUT', message: 'the store did not answer within 15 ms' },
    });
    expect(one.status().lastError!.at).toBeGreaterThanOrEqual(before);
  });

  it('a store’s own code and words', async () => {
    const refused = new StoreError('REDIS_REFUSED', 'redis refuses this user', { failure: 'UNAVAILABLE' });
    const one = await stateWith('sync', () => Promise.reject(refused));
    expect(one.status().lastError).toMatchObject({ code: 'REDIS_REFUSED', message: 'redis refuses this user' });
  });

  it('the words of an error that is not of this project, on one line', async () => {
    const one = await stateWith('charge', () => {
      throw new Error('connect\nECONNREFUSED');
    });
    await one.charge({ limits: [{ ...LIMIT, unit: 'events' }], event: EVENT, shadow: false });
    expect(one.status().lastError).toMatchObject({
      code: 'STORE_FAILED',
      message: 'the store could not serve `charge`: connect ECONNREFUSED',
    });
  });
});

describe('a listener of controls that throws or rejects', () => {
  it('undoes nothing, keeps nobody from being told, and does not end the process', async () => {
    const memory = createMemoryStore();
    state = createState({ store: memory });
    const other = createState({ store: memory });
    const told: string[] = [];
    for (const each of [state, other]) {
      each.control.onChange(() => {
        throw new Error('a listener broke');
      });
      each.control.onChange(() => Promise.reject(new Error('a listener broke')));
      each.control.onChange(({ op }) => told.push(op));
    }
    const unhandled = vi.fn<(error: unknown) => void>();
    process.on('unhandledRejection', unhandled);
    try {
      await state.control.halt({}, OPERATOR);
      expect(state.controlsFor(EVENT).controls).toHaveLength(1);
      expect(other.controlsFor(EVENT).controls).toHaveLength(1);
      await state.control.resume({}, OPERATOR);
      expect(other.controlsFor(EVENT).controls).toEqual([]);
      expect(told).toEqual(['set', 'set', 'lift', 'lift']);
      await new Promise((resolve) => setTimeout(resolve, 5));
      expect(unhandled).not.toHaveBeenCalled();
    } finally {
      process.off('unhandledRejection', unhandled);
      await other.close();
    }
  });
});
