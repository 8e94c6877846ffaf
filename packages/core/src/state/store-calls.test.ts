import { describe, expect, it } from 'vitest';
import type { Answer } from '../outside/call.ts';
import type { MaybePromise } from '../outside/maybe-promise.ts';
import { createMemoryStore } from '../store/memory-store.ts';
import { StoreError } from '../store/store-error.ts';
import type { Push, Store } from '../store/store.ts';
import { createStoreCalls, storeErrorOf, type Failed, type StoreCalls } from './store-calls.ts';
import type { Turn } from './turns.ts';

const GONE = new StoreError('GONE', 'gone', { failure: 'UNAVAILABLE' });

function callsTo(parts: Partial<Store>) {
  const heard: [what: string, ...more: unknown[]][] = [];
  const calls = createStoreCalls(
    { ...createMemoryStore(), shared: true, ...parts },
    {
      failed: (failed, ms, asked) => heard.push(['failed', failed.failure, failed.cause, ms, asked]),
      answered: () => heard.push(['answered']),
    },
  );
  return { calls, heard };
}

const LOOK = { of: 'limit', key: 'a/limit/q', kind: 'count', allow: 1, perMs: 1, window: 'fixed' } as const;
const REQUEST = { op: 'lift', id: 'i', kind: 'halt', scope: {}, who: 'a', why: 'b' } as const;
const CALLS: { readonly [operation: string]: (calls: StoreCalls) => MaybePromise<Answer<unknown>> } = {
  charge: (calls) => calls.charge([], 25),
  report: (calls) => calls.report([], 25),
  release: (calls) => calls.release([], 25),
  strike: (calls) => calls.strike([], 25),
  labels: (calls) => calls.labels({ key: 'a/labels/s', add: [], rememberMs: 1 }, 25),
  control: (calls) => calls.control(REQUEST, 25),
  setAll: (calls) => calls.setAll([], undefined, 25),
  history: (calls) => calls.history(1, 25),
  sync: (calls) => calls.sync(undefined, 25),
  processes: (calls) => calls.processes(undefined, 25),
  look: (calls) => calls.look([LOOK], 25),
  amend: (calls) => calls.amend({ op: 'reset', ...LOOK }, 25),
  close: (calls) => calls.close(25),
};

describe('a call to a store', () => {
  it.each(Object.keys(CALLS))('`%s` is answered, and its failure named after it', async (operation) => {
    const { calls, heard } = callsTo({});
    expect(await CALLS[operation]!(calls)).toMatchObject({ ok: true });
    expect(heard).toEqual([['answered']]);
    const gone = callsTo({ [operation]: () => Promise.reject(GONE) });
    const failure = { part: 'store', id: operation, code: 'UNAVAILABLE' };
    expect(await CALLS[operation]!(gone.calls)).toEqual({ ok: false, failure, cause: GONE });
    expect(gone.heard).toEqual([['failed', failure, GONE, 25, true]]);
  });

  it('whose turn never came has not been asked: others of its tenant were before it', async () => {
    let asked = 0;
    let over = 0;
    const turn: Turn = { begun: false, ready: new Promise(() => undefined), over: () => void over++ };
    const { calls, heard } = callsTo({ charge: () => (asked++, []) });
    const answer = await calls.charge([], 5, turn);
    expect(answer).toMatchObject({
      ok: false,
      failure: { code: 'TIMEOUT' },
      cause: { code: 'STORE_CROWDED', failure: 'TIMEOUT' },
    });
    expect((answer as Failed).cause).toMatchObject({
      message: 'calls of the same tenant were before this one for 5 ms: more of them than the store takes',
    });
    expect([asked, over, heard.map(([what, , , ms, heardOf]) => [what, ms, heardOf])]).toEqual([
      ...[0, 1, [['failed', 5, false]]],
    ]);
    const ready: Turn = { begun: true, ready: Promise.resolve(), over: () => void over++ };
    expect(await calls.charge([], 1000, ready)).toEqual({ ok: true, value: [] });
    expect([asked, over]).toEqual([1, 2]);
  });

  it('that is about the store itself is answered at once, or not at all', () => {
    const said = { held: 1, max: 2 };
    const { calls, heard } = callsTo({ fill: () => said, warning: () => 'it may evict' });
    expect([calls.fill(), calls.warning(), heard]).toEqual([said, 'it may evict', []]);
    const { fill: _, ...bare } = createMemoryStore();
    const none = createStoreCalls(bare, { failed: () => undefined, answered: () => undefined });
    expect([none.fill(), none.warning()]).toEqual([undefined, undefined]);
    const broken = callsTo({
      fill: () => Promise.resolve(said) as never,
      warning: () => {
        throw GONE;
      },
    });
    expect([broken.calls.fill(), broken.calls.warning()]).toEqual([undefined, undefined]);
    expect(broken.heard).toEqual([
      ['failed', { part: 'store', id: 'warning', code: 'UNAVAILABLE' }, GONE, Infinity, true],
    ]);
    const wrong = callsTo({ fill: () => ({ held: -1, max: 2 }) });
    expect([wrong.calls.fill(), wrong.heard.length]).toEqual([undefined, 1]);
  });
});

describe('what a store says unasked', () => {
  it('is passed on where it makes sense, and a lost connection is a failure as well', async () => {
    let say: (push: Push) => void = () => undefined;
    let stopped = 0;
    const { calls, heard } = callsTo({
      subscribe(listener) {
        say = listener;
        return () => void stopped++;
      },
    });
    const pushes: Push[] = [];
    const stop = calls.subscribe((push) => pushes.push(push));
    say({ kind: 'nonsense' } as never);
    say({ kind: 'connected' });
    say({ kind: 'lost', cause: GONE });
    say({ kind: 'lost' });
    expect(pushes.map(({ kind }) => kind)).toEqual(['connected', 'lost', 'lost']);
    const failure = { part: 'store', id: 'subscribe', code: 'UNAVAILABLE' };
    expect(heard).toMatchObject([
      ['failed', failure, GONE, Infinity, true],
      ['failed', failure, { code: 'STORE_LOST', message: 'the connection to the store is lost' }, Infinity, true],
    ]);
    stop();
    await new Promise((resolve) => setTimeout(resolve, 0));
    expect(stopped).toBe(1);
  });

  it('that does not say how to stop, or cannot listen, is left', async () => {
    for (const subscribe of [() => undefined as never, () => Promise.reject(GONE) as never]) {
      const { calls } = callsTo({ subscribe });
      calls.subscribe(() => undefined)();
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
  });
});

it("what a person is told of a failure is the store's own error, or one line about it", () => {
  const told = (code: Failed['failure']['code'], cause: unknown) =>
    storeErrorOf({ ok: false, failure: { part: 'store', id: 'look', code }, cause }, 25);
  expect(told('TIMEOUT', GONE)).toBe(GONE);
  expect(told('TIMEOUT', undefined)).toMatchObject({ code: 'STORE_TIMEOUT', failure: 'TIMEOUT' });
  const cause = new Error(`two\n  lines ${'x'.repeat(600)}`);
  const error = told('THREW', cause);
  expect(error).toMatchObject({ code: 'STORE_FAILED', failure: 'THREW', cause });
  expect(error.message).toMatch(/^the store could not serve `look`: two lines x{488}$/);
  expect(told('THREW', 'text').message).toBe('the store could not serve `look`: text');
  expect(told('THREW', Object.create(null)).message).toBe(
    'the store could not serve `look`: an error that cannot be read',
  );
});
