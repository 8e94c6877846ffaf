import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Control } from '../contract/control.ts';
import { createMemoryStore } from '../store/memory-store.ts';
import { StoreError } from '../store/store-error.ts';
import type { Push, Store, SyncAnswer, SyncCursor } from '../store/store.ts';
import { createLink, type Link } from './link.ts';
import { createNearCache } from './near-cache.ts';
import { createPending } from './pending.ts';
import { createStoreCalls } from './store-calls.ts';

// The connection of one process to its store: when it asks, what it asks, and what it makes of silence.

const GONE = new StoreError('GONE', 'gone', { failure: 'UNAVAILABLE' });
const REFUSED = new StoreError('FULL', 'full', { failure: 'THREW' });
const HALT: Control = { id: 'ctl_1', kind: 'halt', scope: { tenant: 'acme' }, who: 'ops', why: 'drill', at: 0 };
const change = (epoch: number, control = HALT) =>
  ({ kind: 'control', change: { epoch, op: 'set', control, who: 'ops', why: 'drill', at: 0 } }) as const;
const answer = (more: Partial<SyncAnswer> = {}): SyncAnswer => ({
  ...{ incarnation: 'one', epoch: 0, now: Date.now(), full: true, controls: [], cooldowns: [] },
  ...more,
});
/** What has changed since the question: nothing. */
const difference = (epoch: number): SyncAnswer => ({
  ...{ incarnation: 'one', epoch, now: Date.now(), full: false, cooldowns: [] },
});
const never = (): Promise<never> => new Promise(() => undefined);
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

interface Connected {
  readonly link: Link;
  readonly near: ReturnType<typeof createNearCache>;
  readonly pending: ReturnType<typeof createPending>;
  /** What the store was asked, and when. */
  readonly asked: {
    readonly at: number;
    readonly since: SyncCursor | undefined;
    readonly process: string | undefined;
  }[];
  readonly told: unknown[];
  readonly left: (string | undefined)[];
  readonly say: (push: Push) => void;
  readonly caughtUp: () => number;
  readonly unsubscribed: () => number;
}

interface Parts extends Partial<Store> {
  readonly pollMs?: number;
}

const open: Link[] = [];
beforeEach(() => void vi.useFakeTimers({ now: 1_000_000 }));
afterEach(async () => {
  for (const link of open.splice(0)) await link.close();
  vi.useRealTimers();
});

function connect({ pollMs = 1000, ...parts }: Parts = {}): Connected {
  const [asked, told, left]: [Connected['asked'], unknown[], (string | undefined)[]] = [[], [], []];
  let [caughtUp, unsubscribed] = [0, 0];
  let say: (push: Push) => void = () => undefined;
  const startedAt = Date.now();
  const { sync = () => answer() } = parts;
  const store: Store = {
    ...createMemoryStore(),
    shared: true,
    control: (request) => void told.push(request),
    processes: (leaving) => {
      left.push(leaving);
      return [];
    },
    subscribe(listener) {
      say = listener;
      return () => void unsubscribed++;
    },
    ...parts,
    sync(since, process) {
      asked.push({ at: Date.now() - startedAt, since, process });
      return sync(since, process);
    },
  };
  // Unset while it makes its own first call.
  const made: { link?: Link } = {};
  const near = createNearCache(Date.now, []);
  const pending = createPending(100, Date.now);
  const calls = createStoreCalls(store, {
    failed: (failed, _, heard) => (heard ? made.link?.failed(failed) : undefined),
    answered: () => made.link?.answered(),
  });
  const link = (made.link = createLink({
    ...{ calls, shared: store.shared, near, pending, now: Date.now, pollMs, staleAfterMs: 5000 },
    ...{ deadlineMs: 25, backgroundTimeoutMs: 1000, process: 'prc_1', onCaughtUp: () => void caughtUp++ },
  }));
  open.push(link);
  return {
    ...{ link, near, pending, asked, told, left, say: (push) => say(push) },
    ...{ caughtUp: () => caughtUp, unsubscribed: () => unsubscribed },
  };
}

const wait = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);
const timesOf = ({ asked }: Connected): readonly number[] => asked.map(({ at }) => at);
const run = (link: Link): string => {
  const got = link.call(() => ({ ok: true, value: 'ran' }));
  return 'then' in got ? 'later' : got.ok ? got.value : got.failure.code;
};

describe('a store of this process', () => {
  it('is known before the first event, asked once, and never goes stale', async () => {
    const one = connect({ shared: false });
    expect([one.link.stale(), one.link.status()]).toEqual([false, { connected: true, staleMs: 0 }]);
    await wait(60_000);
    expect(one.asked).toEqual([{ at: 0, since: undefined, process: undefined }]);
    expect([one.link.stale(), one.link.status()]).toEqual([false, { connected: true, staleMs: 0 }]);
    await one.link.close();
    expect(one.left).toEqual([]);
  });

  it('that answers late is stale until then, and not asked again', async () => {
    const one = connect({
      shared: false,
      sync: async () => {
        await pause(300);
        return answer();
      },
    });
    expect(one.link.stale()).toBe(true);
    await wait(200);
    expect(one.link.status()).toEqual({ connected: false, staleMs: 200 });
    await wait(60_000);
    expect([one.link.stale(), one.link.status()]).toEqual([false, { connected: true, staleMs: 0 }]);
    // Asked for at the start, and by the way that waits.
    expect(timesOf(one)).toEqual([0, 0]);
  });

  it('that fails at first is asked until it answers', async () => {
    let failing = true;
    const one = connect({
      shared: false,
      sync: () => {
        if (failing) throw GONE;
        return answer();
      },
    });
    await wait(600);
    expect(timesOf(one)).toEqual([0, 0, 250, 500]);
    expect(one.link.stale()).toBe(true);
    failing = false;
    await wait(10_000);
    expect(timesOf(one)).toEqual([0, 0, 250, 500, 750]);
    expect(one.link.stale()).toBe(false);
  });

  it('is never taken for gone: what it refuses concerns the one call', async () => {
    const one = connect({ shared: false });
    one.link.failed({ ok: false, failure: { part: 'store', id: 'charge', code: 'UNAVAILABLE' }, cause: GONE });
    one.link.failed({ ok: false, failure: { part: 'store', id: 'charge', code: 'TIMEOUT' }, cause: GONE });
    expect([run(one.link), one.link.status().connected]).toEqual(['ran', true]);
    await wait(1000);
    expect([one.asked.length, one.caughtUp()]).toEqual([1, 0]);
  });
});

describe('a store that is shared', () => {
  it('is asked again soon, for the way to it, and then at its pace, each time after what is known', async () => {
    const one = connect({ sync: () => answer({ epoch: 3 }) });
    await wait(3100);
    const known = { incarnation: 'one', epoch: 3 };
    expect(one.asked).toEqual([
      { at: 0, since: undefined, process: 'prc_1' },
      ...[20, 1020, 2020, 3020].map((at) => ({ at, since: known, process: 'prc_1' })),
    ]);
  });

  it('is not asked later than its pace says, though the pace is quick', async () => {
    const one = connect({ pollMs: 5 });
    await wait(12);
    expect(timesOf(one)).toEqual([0, 5, 10]);
  });

  it('is one question at a time: who asks meanwhile hears the same answer', async () => {
    const one = connect({
      sync: async () => {
        await pause(10);
        return answer();
      },
    });
    expect(one.link.refresh()).toBe(one.link.refresh());
    await wait(10);
    expect(one.asked).toHaveLength(1);
    const next = one.link.refresh();
    await wait(10);
    expect(await next).toBeUndefined();
    expect(one.asked).toHaveLength(2);
  });

  it('is as far away as the quickest of its last eight answers, the first one aside', async () => {
    const took = [3, 9, 5, 7, 7, 7, 7, 7, 7, 7, 7, 7];
    const one = connect({
      pollMs: 100,
      sync: async () => {
        await pause(took.shift()!);
        return answer();
      },
    });
    const seen: (number | undefined)[] = [];
    for (let answers = 0; answers < 11; answers++) {
      const asked = one.link.refresh();
      await wait(10);
      await asked;
      seen.push(one.link.roundTripMs());
    }
    expect(seen).toEqual([undefined, 9, 5, 5, 5, 5, 5, 5, 5, 5, 7]);
    expect(one.link.status()).toMatchObject({ connected: true, roundTripMs: 7 });
  });

  it('says how old what is known is: as of the question', async () => {
    const one = connect({
      sync: async () => {
        await pause(300);
        return answer();
      },
    });
    await wait(299);
    expect(one.link.status()).toEqual({ connected: false, staleMs: 299 });
    await wait(1);
    expect(one.link.status()).toEqual({ connected: true, staleMs: 300 });
  });

  it('that is silent makes what is known stale, which is told once, and again after it was there', async () => {
    let silent = false;
    const one = connect({ sync: () => (silent ? never() : answer()) });
    const told = vi.fn();
    const stop = one.link.onStale(told);
    expect(one.link.stale()).toBe(true);
    await wait(25);
    silent = true;
    // Confirmed last at 20.
    await wait(4995);
    expect([one.link.stale(), told.mock.calls.length]).toEqual([false, 0]);
    await wait(1);
    expect([one.link.stale(), told.mock.calls.length]).toEqual([true, 1]);
    await wait(10_000);
    expect(told).toHaveBeenCalledTimes(1);
    silent = false;
    await wait(2000);
    expect(one.link.stale()).toBe(false);
    silent = true;
    await wait(7000);
    expect(told).toHaveBeenCalledTimes(2);
    stop();
    silent = false;
    await wait(2000);
    silent = true;
    await wait(7000);
    expect(told).toHaveBeenCalledTimes(2);
  });

  it('that goes on answering is never told of as stale', async () => {
    const one = connect();
    const told = vi.fn();
    one.link.onStale(told);
    await wait(30_000);
    expect(told).not.toHaveBeenCalled();
  });
});

describe('a store that is gone', () => {
  const cut = async (one: Connected): Promise<void> => {
    await wait(100);
    one.say({ kind: 'lost', cause: GONE });
  };

  it('is not called by events, is asked four times as often, and is there again when it answers', async () => {
    let gone = false;
    const one = connect({
      sync: () => {
        if (gone) throw GONE;
        return answer();
      },
    });
    await wait(100);
    expect(run(one.link)).toBe('ran');
    gone = true;
    one.say({ kind: 'lost', cause: GONE });
    expect(one.link.call(() => ({ ok: true, value: 1 }))).toEqual({
      ...{ ok: false, failure: { part: 'store', id: 'store', code: 'UNAVAILABLE' }, cause: GONE },
    });
    expect(one.link.status().connected).toBe(false);
    await wait(600);
    expect(timesOf(one)).toEqual([0, 20, 100, 350, 600]);
    expect(one.caughtUp()).toBe(0);
    gone = false;
    await wait(200);
    expect([run(one.link), one.link.status().connected, one.caughtUp()]).toEqual(['ran', true, 1]);
    await wait(5000);
    expect(one.caughtUp()).toBe(1);
  });

  it('has caught up only when it has taken everything that was queued', async () => {
    let refuse = true;
    const one = connect({
      strike: () => {
        if (refuse) throw REFUSED;
        return [{ fresh: true, points: 1, level: 0, retryAfterMs: 0 }];
      },
    });
    await wait(100);
    const ladder = { after: { strikes: 3, withinMs: 600_000 }, forMs: 1000 };
    const strike = {
      key: 'acme/ladder/a/user=u',
      id: 'e1',
      offences: [{ key: 'o', points: 1 }],
      ladder,
      rememberMs: 1,
    };
    one.pending.add({ op: 'strike', strike });
    one.say({ kind: 'lost', cause: GONE });
    await wait(3000);
    expect([one.link.status().connected, one.caughtUp(), one.pending.size]).toEqual([true, 0, 1]);
    refuse = false;
    await wait(10_000);
    expect([one.caughtUp(), one.pending.size]).toEqual([1, 0]);
  });

  it('after one answer that was late is asked whether it is there, and taken for gone when that is late too', async () => {
    let silent = false;
    const one = connect({ sync: () => (silent ? never() : answer()) });
    await wait(100);
    silent = true;
    one.link.failed({ ok: false, failure: { part: 'store', id: 'charge', code: 'TIMEOUT' }, cause: GONE });
    await wait(24);
    expect([run(one.link), one.asked.length]).toEqual(['ran', 3]);
    await wait(2);
    expect(run(one.link)).toBe('UNAVAILABLE');
  });

  it('after one answer that was late is there when anything is answered', async () => {
    let silent = false;
    const one = connect({ sync: () => (silent ? never() : answer()) });
    await wait(100);
    silent = true;
    one.link.failed({ ok: false, failure: { part: 'store', id: 'charge', code: 'TIMEOUT' }, cause: GONE });
    one.link.answered();
    await wait(900);
    expect(run(one.link)).toBe('ran');
  });

  it('is not there because one call was answered', async () => {
    const one = connect();
    await cut(one);
    one.link.answered();
    expect(run(one.link)).toBe('UNAVAILABLE');
  });

  it('hears no goodbye', async () => {
    const one = connect();
    await cut(one);
    await one.link.close();
    expect(one.left).toEqual([]);
  });
});

describe('what is heard', () => {
  it('of a control is confirmed to the store at once, and once more until the store has been told', async () => {
    let epoch = 0;
    const one = connect({ sync: (since) => (since === undefined ? answer({ epoch }) : difference(epoch)) });
    await wait(500);
    epoch = 1;
    one.say(change(1));
    await wait(100);
    expect(one.asked.slice(2)).toEqual([{ at: 500, since: { incarnation: 'one', epoch: 1 }, process: 'prc_1' }]);
    expect(one.near.stands('halt', HALT.scope)).toBe(true);
  });

  it('of a control with a gap before it is confirmed when the answer has closed the gap', async () => {
    let epoch = 0;
    const one = connect({
      sync: () => answer({ epoch, ...(epoch > 0 && { controls: [HALT] }) }),
    });
    await wait(500);
    epoch = 2;
    one.say(change(2));
    await wait(100);
    expect(one.asked.slice(2).map(({ at, since }) => [at, since?.epoch])).toEqual([
      [500, 0],
      [520, 2],
    ]);
  });

  it('of a cooldown is taken, and asked about only where something before it was missed', async () => {
    let epoch = 0;
    const one = connect({ sync: (since) => (since === undefined ? answer() : difference(epoch)), pollMs: 100_000 });
    await wait(500);
    const before = one.asked.length;
    one.say({ kind: 'cooldown', epoch: 1, key: 'acme/ladder/a/user=u', retryAfterMs: 5000 });
    await wait(100);
    expect([one.asked.length - before, one.near.cooling().length]).toEqual([0, 1]);
    epoch = 3;
    one.say({ kind: 'cooldown', epoch: 3, key: 'acme/ladder/a/user=v', retryAfterMs: 5000 });
    await wait(10);
    expect(one.asked.length - before).toBe(1);
  });

  it('of a connection that is there again makes it ask for everything, until that is answered', async () => {
    let failing = false;
    const one = connect({
      sync: () => {
        if (failing) throw REFUSED;
        return answer({ epoch: 4 });
      },
    });
    await wait(100);
    failing = true;
    one.say({ kind: 'connected' });
    await wait(10);
    failing = false;
    await wait(300);
    expect(one.asked.slice(2, 4).map(({ since }) => since)).toEqual([undefined, undefined]);
    await wait(1000);
    expect(one.asked.at(-1)!.since).toEqual({ incarnation: 'one', epoch: 4 });
  });

  it('of the first connection asks for no more than the first question does', async () => {
    const one = connect({
      sync: async () => {
        await pause(10);
        return answer();
      },
    });
    one.say({ kind: 'connected' });
    await wait(100);
    expect(one.asked.map(({ since }) => since === undefined)).toEqual([true, false]);
  });
});

describe('a store that has lost its memory', () => {
  it('is told the halts of this process, and asked again for everything', async () => {
    let lost = false;
    const one = connect({
      sync: () => (lost ? answer({ incarnation: 'two' }) : answer({ epoch: 1, controls: [HALT] })),
    });
    await wait(100);
    lost = true;
    await wait(1000);
    expect(one.told).toEqual([{ op: 'restore', control: HALT }]);
    expect(one.asked.slice(2, 4).map(({ since }) => since?.epoch)).toEqual([1, undefined]);
    // It did not take the halt, and said that none stands: its word counts.
    expect(one.near.stands('halt', HALT.scope)).toBe(false);
  });

  it('is told which of its halts were lifted', async () => {
    let back = false;
    const one = connect({
      sync: () => (back ? answer({ incarnation: 'two', controls: [HALT] }) : answer({ epoch: 2 })),
    });
    await wait(100);
    const lifted = { epoch: 3, op: 'lift', control: HALT, who: 'eve', why: 'over', at: 0 } as const;
    one.say({ kind: 'control', change: lifted });
    back = true;
    await wait(100);
    expect(one.told).toEqual([
      { ...{ op: 'lift', id: 'again ctl_1', kind: 'halt', scope: HALT.scope }, who: 'eve', why: 'over', only: 'ctl_1' },
    ]);
  });

  it('takes back what it answers to that, and it stands', async () => {
    let lost = false;
    const one = connect({
      sync: () => (lost ? answer({ incarnation: 'two', epoch: 1, controls: [HALT] }) : answer()),
      control: () => ({ epoch: 1, op: 'set', control: HALT, who: 'ops', why: 'drill', at: 0 }),
    });
    await wait(100);
    one.pending.add({ op: 'control', request: { op: 'set', control: HALT } });
    lost = true;
    await one.link.refresh();
    expect(one.near.stands('halt', HALT.scope)).toBe(true);
  });

  it('and contradicts itself for ever is asked five times, not more', async () => {
    let incarnations = 0;
    const one = connect({ sync: () => answer({ incarnation: `${incarnations++}`, full: false }), pollMs: 60_000 });
    await wait(10);
    expect(one.asked).toHaveLength(5);
    expect([one.link.stale(), one.link.status().connected]).toEqual([true, false]);
  });
});

describe('a link that is closed', () => {
  it('asks no more, listens no more, and says goodbye', async () => {
    const one = connect();
    const told = vi.fn();
    one.link.onStale(told);
    await wait(100);
    await one.link.close();
    const asked = one.asked.length;
    one.link.failed({ ok: false, failure: { part: 'store', id: 'charge', code: 'UNAVAILABLE' }, cause: GONE });
    await wait(60_000);
    expect([one.asked.length, one.unsubscribed(), told.mock.calls.length]).toEqual([asked, 1, 0]);
    expect(one.left).toEqual(['prc_1']);
  });

  it('while a question is under way, watches nothing when that is answered', async () => {
    const one = connect({
      sync: async () => {
        await pause(10);
        return answer();
      },
    });
    const told = vi.fn();
    one.link.onStale(told);
    await one.link.close();
    await wait(60_000);
    expect([one.asked.length, told.mock.calls.length]).toEqual([1, 0]);
  });
});
