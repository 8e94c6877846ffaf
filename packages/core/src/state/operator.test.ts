import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createMemoryStore } from '../store/memory-store.ts';
import { StoreError } from '../store/store-error.ts';
import type { ControlChange, ProcessSeen, Store } from '../store/store.ts';
import type { Link } from './link.ts';
import { createNearCache, type ControlListener, type ControlNotice } from './near-cache.ts';
import { createOperatorControls } from './operator.ts';
import { createPending } from './pending.ts';
import { createStoreCalls } from './store-calls.ts';

// What an operator's hand does in this process, in the store, and in the others.

const OPS = { who: 'ops', why: 'drill' };
const ACME = { tenant: 'acme' };
const GONE = new StoreError('GONE', 'gone', { failure: 'UNAVAILABLE' });

beforeEach(() => void vi.useFakeTimers({ now: 1_795_300_000_000 }));
afterEach(() => void vi.useRealTimers());

function operate(more: Partial<Store> = {}, seen: () => readonly ProcessSeen[] = () => []) {
  const memory = createMemoryStore({ now: Date.now });
  const store: Store = { ...memory, shared: true, processes: () => seen(), ...more };
  const listeners = new Set<ControlListener>();
  const near = createNearCache(Date.now, listeners);
  const pending = createPending(10, Date.now);
  const calls = createStoreCalls(store, { failed: () => undefined, answered: () => undefined });
  const asked: string[] = [];
  // Reads everything again, as the link does.
  const link = {
    learn: (push) => {
      asked.push('learn');
      near.push(push);
    },
    async refresh() {
      asked.push('refresh');
      const answer = await calls.sync(undefined, 1000);
      if (!answer.ok) return answer;
      near.take(answer.value, near.ask(true));
      return undefined;
    },
  } as Link;
  let minted = 0;
  const controls = createOperatorControls({
    ...{ calls, near, link, listeners, pending, backgroundTimeoutMs: 1000, shared: store.shared },
    mintId: () => `ctl_${++minted}`,
  });
  return { controls, near, pending, memory, asked };
}

const of = (epoch: number, process = `p${epoch}`): ProcessSeen => ({ process, epoch, agoMs: 0 });

describe('a halt', () => {
  it('stands here before the store has it, and says how far it has come', async () => {
    let first: boolean | undefined;
    const one = operate({
      control(request) {
        first ??= one.near.stands('halt', ACME);
        return one.memory.control(request);
      },
    });
    const halted = await one.controls.halt(ACME, { ...OPS, forMs: 500 });
    expect(halted).toStrictEqual({
      ...{ id: 'ctl_1', kind: 'halt', scope: ACME, ...OPS, at: Date.now(), expiresAt: Date.now() + 500 },
      inForce: { processes: 1, of: 1 },
    });
    expect([first, Object.isFrozen(halted), Object.isFrozen(halted.inForce)]).toEqual([true, true, true]);
    expect([one.near.stands('halt', ACME), one.asked.at(-1)]).toEqual([true, 'refresh']);
    vi.advanceTimersByTime(500);
    expect(one.near.stands('halt', ACME)).toBe(false);
  });

  it('copies the scope that it was given', async () => {
    const one = operate();
    const scope = { tenant: 'acme' };
    const { scope: kept } = await one.controls.halt(scope, OPS);
    scope.tenant = 'other';
    expect([kept, Object.isFrozen(kept)]).toEqual([ACME, true]);
  });

  it.each<[waitFor: 'all' | 'majority', enough: readonly number[]]>([
    ['all', [1, 1, 1, 1]],
    ['majority', [1, 1, 1, 0]],
  ])('waits for %s of the processes, looking ever more rarely', async (waitFor, enough) => {
    const looked: number[] = [];
    const startedAt = Date.now();
    const one = operate({}, () => {
      const at = Date.now() - startedAt;
      looked.push(at);
      return at < 250 ? [of(1), of(1), of(0), of(0)] : enough.map((epoch) => of(epoch));
    });
    const halting = one.controls.halt(ACME, { ...OPS, waitFor });
    await vi.advanceTimersByTimeAsync(249);
    expect(looked).toEqual([0, 10, 30, 70, 150]);
    await vi.advanceTimersByTimeAsync(200);
    expect((await halting).inForce).toEqual({ processes: enough.filter((one) => one === 1).length, of: 4 });
    expect(looked.slice(5)).toEqual([310]);
  });

  it('gives up waiting after two seconds, or as long as it was told, and looks every 200 ms at most', async () => {
    for (const [waitMs, last] of [
      [undefined, 1910],
      [60, 30],
    ] as const) {
      const looked: number[] = [];
      const startedAt = Date.now();
      const one = operate({}, () => {
        looked.push(Date.now() - startedAt);
        return [of(1), of(0)];
      });
      const halting = one.controls.halt(ACME, { ...OPS, waitFor: 'all', ...(waitMs !== undefined && { waitMs }) });
      await vi.advanceTimersByTimeAsync(3000);
      expect((await halting).inForce).toEqual({ processes: 1, of: 2 });
      expect(looked.at(-1)).toBe(last);
    }
  });

  it('is in force in this process alone where nobody can say more, or nobody shares the store', async () => {
    for (const more of [{ shared: false }, { processes: () => Promise.reject(GONE) }])
      expect((await operate(more, () => [of(0), of(0)]).controls.halt(ACME, OPS)).inForce).toEqual({
        processes: 1,
        of: 1,
      });
    const one = operate({}, () => [of(0)]);
    expect((await one.controls.halt(ACME, OPS)).inForce).toEqual({ processes: 0, of: 1 });
  });

  it('that the store does not take stands here, is queued, and is told to be shared by nobody', async () => {
    const one = operate({ control: () => Promise.reject(GONE) });
    await expect(one.controls.halt(ACME, OPS)).rejects.toMatchObject({
      ...{ code: 'HALT_NOT_SHARED', failure: 'UNAVAILABLE', cause: GONE },
      message:
        'the store did not confirm the halt: it is in force in this process alone until the store answers; halt the other processes too',
    });
    expect([one.near.stands('halt', ACME), one.pending.size]).toEqual([true, 1]);
    const none = operate({ control: () => undefined });
    await expect(none.controls.halt(ACME, OPS)).rejects.toMatchObject({
      ...{ code: 'HALT_NOT_SHARED', failure: 'INVALID_ANSWER' },
      cause: { code: 'STORE_ANSWER', message: 'the store answered nothing to a control' },
    });
  });
});

describe('a mode', () => {
  it('is set and cleared in the store and here, with its share', async () => {
    const one = operate();
    const set = await one.controls.setMode(ACME, 'shadow', { ...OPS, forMs: 900 });
    expect(set).toStrictEqual({
      ...{
        id: 'ctl_1',
        kind: 'mode',
        scope: ACME,
        mode: 'shadow',
        ...OPS,
        at: Date.now(),
        expiresAt: Date.now() + 900,
      },
    });
    const share = { of: 'user', percent: 5 } as never;
    expect(await one.controls.setMode({ user: 'bob' }, 'off', { ...OPS, share })).toMatchObject({ share });
    expect(one.near.stands('mode', ACME)).toBe(true);
    expect(await one.controls.clearMode(ACME, { who: 'eve', why: 'over' })).toMatchObject({ op: 'lift', who: 'eve' });
    expect([one.near.stands('mode', ACME), await one.controls.clearMode(ACME, OPS)]).toEqual([false, undefined]);
  });

  it('that the store does not take is not set', async () => {
    const one = operate({ control: () => Promise.reject(GONE) });
    await expect(one.controls.setMode(ACME, 'off', OPS)).rejects.toBe(GONE);
    expect([one.near.stands('mode', ACME), one.pending.size]).toEqual([false, 0]);
  });

  it('of many scopes is set at once, and holds here', async () => {
    const one = operate();
    const scopes = [ACME, { user: 'bob' }];
    const share = { of: 'user', percent: 5 } as never;
    for (const more of [{}, { share }]) {
      const set = await one.controls.setModes(scopes, 'off', { ...OPS, forMs: 100, ...more });
      expect(set.map(({ scope }) => scope)).toEqual(scopes);
      expect(set.map((control) => 'share' in control)).toEqual(scopes.map(() => 'share' in more));
      expect(scopes.every((scope) => one.near.stands('mode', scope))).toBe(true);
    }
    const gone = operate({ setAll: () => Promise.reject(GONE) });
    await expect(gone.controls.setModes(scopes, 'off', OPS)).rejects.toBe(GONE);
  });

  it('is read again where the store numbers its changes as one that has lost some', async () => {
    const one = operate();
    await one.controls.setMode(ACME, 'off', OPS);
    expect(one.asked).toEqual(['learn']);
    await one.controls.list();
    const lost = operate({
      control: (request) => ({ ...(one.memory.control(request) as ControlChange), epoch: 0 }),
    });
    lost.near.take(await lost.memory.sync(), lost.near.ask());
    await lost.controls.setMode(ACME, 'off', OPS);
    expect(lost.asked).toEqual(['learn', 'refresh']);
  });
});

describe('lifting', () => {
  it('what the store does not know and this process does is told to the store, or to this process', async () => {
    const one = operate();
    one.near.hold({ id: 'mine', kind: 'halt', scope: ACME, ...OPS, at: 0 });
    const requests: string[] = [];
    // The store hears of it while it is asked again.
    const there = operate({
      control(request) {
        requests.push(request.op);
        return there.memory.control(request);
      },
      sync() {
        void there.memory.control({ op: 'set', control: { id: 'mine', kind: 'halt', scope: ACME, ...OPS } });
        return there.memory.sync();
      },
    });
    there.near.hold({ id: 'mine', kind: 'halt', scope: ACME, ...OPS, at: 0 });
    expect(await there.controls.resume(ACME, OPS)).toMatchObject({ op: 'lift', control: { id: 'mine' } });
    expect([requests, there.near.stands('halt', ACME)]).toEqual([['lift', 'lift'], false]);

    const gone = operate({
      control(request) {
        requests.push(request.op);
        return gone.memory.control(request);
      },
    });
    requests.length = 0;
    gone.near.hold({ id: 'mine', kind: 'halt', scope: ACME, ...OPS, at: 0 });
    gone.near.leaveToStore('mine');
    expect(await gone.controls.resume(ACME, OPS)).toBeUndefined();
    expect([requests, gone.near.stands('halt', ACME)]).toEqual([['lift'], false]);
  });
});

it('what stands and what was changed is told, the newest hundred changes first', async () => {
  const one = operate();
  const heard: ControlNotice[] = [];
  const stop = one.controls.onChange((notice) => heard.push(notice));
  await one.controls.halt(ACME, OPS);
  stop();
  for (let n = 0; n < 120; n++) await one.controls.setMode({ user: `u${n}` }, 'off', OPS);
  expect([heard.length, (await one.controls.list()).length]).toEqual([1, 121]);
  expect((await one.controls.history()).map(({ control }) => control.scope.user)).toEqual(
    Array.from({ length: 100 }, (_, n) => `u${119 - n}`),
  );
  expect(await one.controls.history(3)).toHaveLength(3);
  const gone = operate({ sync: () => Promise.reject(GONE), history: () => Promise.reject(GONE) });
  await expect(gone.controls.list()).rejects.toBe(GONE);
  await expect(gone.controls.history()).rejects.toBe(GONE);
});
