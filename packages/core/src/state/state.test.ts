import { afterEach, describe, expect, it, vi } from 'vitest';
import type { GovernedEvent, Resource, Subject } from '../contract/event.ts';
import type { Ladder, Limit } from '../contract/limits.ts';
import { createMemoryStore } from '../store/memory-store.ts';
import { createState, type State, type StateOptions } from './state.ts';
import { StoreError } from '../store/store-error.ts';
import type { Store } from '../store/store.ts';

const LADDER: Ladder = {
  id: 'abuse',
  key: ['tenant', 'user'],
  after: { strikes: 3, withinMs: 600_000 },
  forMs: 60_000,
  escalate: { factor: 2, maxMs: 600_000, forgetMs: 3_600_000 },
};
const LIMIT: Limit = {
  id: 'questions',
  key: ['tenant', 'user'],
  on: ['input'],
  unit: 'interactions',
  allow: 2,
  perMs: 60_000,
  window: 'sliding',
  then: 'cooldown',
};
const LADDERS = { abuse: LADDER };
const OPERATOR = { who: 'ops', why: 'drill' };

let count = 0;
function event(
  subject: Partial<Subject> = {},
  more: { id?: string; interactionId?: string; resource?: Resource } = {},
): GovernedEvent {
  const id = more.id ?? `evt_${++count}`;
  return {
    id,
    interactionId: more.interactionId ?? `int_${id}`,
    stage: 'input',
    point: 'model',
    subject: { tenant: 'acme', user: 'bob', ...subject },
    resource: more.resource ?? {},
    attributes: {},
    labels: [],
    content: [],
  };
}

/** A shared store whose connection a test can cut. */
function breakable(clock?: () => number): Store & { broken: 'no' | 'dead' | 'hung'; calls: number; replace(): void } {
  const create = (): Store => createMemoryStore(clock === undefined ? {} : { now: clock });
  let store = create();
  const through =
    <A extends unknown[], T>(run: (...args: A) => T) =>
    (...args: A): Promise<Awaited<T>> => {
      self.calls++;
      if (self.broken === 'dead') return Promise.reject(new StoreError('DEAD', 'gone', { failure: 'UNAVAILABLE' }));
      if (self.broken === 'hung') return new Promise(() => undefined);
      return Promise.resolve(run(...args));
    };
  const self = {
    name: 'breakable',
    shared: true,
    broken: 'no' as 'no' | 'dead' | 'hung',
    calls: 0,
    replace: () => void (store = create()),
    charge: through((charges: Parameters<Store['charge']>[0]) => store.charge(charges)),
    report: through((amounts: Parameters<Store['report']>[0]) => store.report(amounts)),
    release: through((holds: Parameters<Store['release']>[0]) => store.release(holds)),
    strike: through((strikes: Parameters<Store['strike']>[0]) => store.strike(strikes)),
    labels: through((request: Parameters<Store['labels']>[0]) => store.labels(request)),
    control: through((request: Parameters<Store['control']>[0]) => store.control(request)),
    setAll: through((...args: Parameters<Store['setAll']>) => store.setAll(...args)),
    history: through((limit: number) => store.history(limit)),
    look: through((asked: Parameters<Store['look']>[0]) => store.look(asked)),
    amend: through((amendment: Parameters<Store['amend']>[0]) => store.amend(amendment)),
    sync: through((...args: Parameters<Store['sync']>) => store.sync(...args)),
    processes: through((leaving?: string) => store.processes(leaving)),
    subscribe: () => () => undefined,
    close: () => undefined,
  };
  return self;
}

const open: State[] = [];
function make(options: StateOptions = {}): State {
  const state = createState({ pollMs: 20, deadlineMs: 15, backgroundTimeoutMs: 40, ...options });
  open.push(state);
  return state;
}
afterEach(async () => {
  for (const state of open.splice(0)) await state.close();
});
const strikeOnce = (state: State, e: GovernedEvent, shadow = false): ReturnType<State['strike']> =>
  state.strike({ strikes: [{ ladder: 'abuse', points: 1, rules: ['r'] }], ladders: LADDERS, event: e, shadow });

describe('state: a clean subject', () => {
  it('S4: costs no call, and the same frozen answers', async () => {
    const store = breakable();
    const state = make({ store, pollMs: 60_000 });
    await state.ready();
    await strikeOnce(state, event({ user: 'eve' }));
    const before = store.calls;
    expect(state.controlsFor(event())).toBe(state.controlsFor(event()));
    expect(state.cooldownsFor([LADDER], event(), false)).toBe(
      state.cooldownsFor([LADDER], event({ tenant: 'other' }), false),
    );
    expect(store.calls).toBe(before);
  });
});

describe('state: strikes', () => {
  it('the third strike cools the subject down, and nobody else', async () => {
    const state = make();
    for (const wait of [0, 0, 60_000]) {
      expect(await strikeOnce(state, event())).toEqual({
        answers: [{ ladder: 'abuse', retryAfterMs: wait }],
        errors: [],
      });
    }
    const [active] = state.cooldownsFor([LADDER], event(), false);
    expect(active?.retryAfterMs).toBeGreaterThan(59_000);
    for (const other of [{ user: 'eve' }, { tenant: 'other' }])
      expect(state.cooldownsFor([LADDER], event(other), false)).toEqual([]);
  });

  it('S2: an event struck again, and history sent again, count once', async () => {
    const state = make();
    const once = event();
    for (let i = 0; i < 5; i++) await strikeOnce(state, once);
    const offences = [{ rule: 'r', segment: 'hash', strike: { abuse: 1 } }];
    const again = (session: string): ReturnType<State['strike']> =>
      state.strike({
        strikes: [{ ladder: 'abuse', points: 1, rules: ['r'] }],
        ladders: LADDERS,
        event: event({ session }),
        shadow: false,
        offences,
      });
    for (let i = 0; i < 5; i++) expect((await again('one')).answers[0]?.retryAfterMs).toBe(0);
    expect((await again('another')).answers[0]?.retryAfterMs).toBe(60_000);
  });

  it('S2: of repeated and new offences only the new ones set the points', async () => {
    const state = make();
    const send = (
      ...offences: { rule: string; segment: string; strike: { abuse: number } }[]
    ): ReturnType<State['strike']> =>
      state.strike({
        strikes: [{ ladder: 'abuse', points: 2, rules: [] }],
        ladders: LADDERS,
        event: event({ session: 'one' }),
        shadow: false,
        offences,
      });
    const heavy = { rule: 'heavy', segment: 'a', strike: { abuse: 2 } };
    expect((await send(heavy)).answers[0]?.retryAfterMs).toBe(0);
    expect((await send(heavy)).answers[0]?.retryAfterMs).toBe(0);
    expect((await send(heavy, { rule: 'light', segment: 'b', strike: { abuse: 1 } })).answers[0]?.retryAfterMs).toBe(
      60_000,
    );
  });

  it('`then: cooldown` puts the subject on the ladder at once, and one event escalates once', async () => {
    const state = make();
    const trip = (e: GovernedEvent): ReturnType<State['strike']> =>
      state.strike({
        strikes: [{ ladder: 'abuse', points: 1, rules: [] }],
        offences: [{ rule: 'r', strike: {}, ladder: 'abuse' }],
        ladders: LADDERS,
        event: e,
        shadow: false,
      });
    const first = event();
    expect((await trip(first)).answers[0]?.retryAfterMs).toBe(60_000);
    expect((await trip(first)).answers[0]?.retryAfterMs).toBeLessThanOrEqual(60_000);
    expect((await trip(event())).answers[0]?.retryAfterMs).toBe(120_000);
  });

  it('a cooldown holds for everyone its key does not tell apart, and for nobody else', async () => {
    const state = make();
    const byTool: Ladder = { ...LADDER, id: 'tool', key: ['tool'] };
    const byBoth: Ladder = { ...LADDER, id: 'both', key: ['user', 'tool'] };
    const ladders = { tool: byTool, both: byBoth };
    const using = (tool: string, subject: Partial<Subject> = {}): GovernedEvent =>
      event(subject, { resource: { tool } });
    const offences = ['tool', 'both'].map((ladder) => ({ rule: 'r', strike: {}, ladder }));
    await state.strike({ strikes: [], offences, ladders, event: using('mail'), shadow: false });
    const held = (e: GovernedEvent): string[] =>
      state
        .cooldownsFor([byTool, byBoth], e, false)
        .map(({ ladder }) => ladder)
        .toSorted();
    expect(held(using('mail'))).toEqual(['both', 'tool']);
    expect(held(using('mail', { user: 'eve' }))).toEqual(['tool']);
    expect(held(using('refund'))).toEqual([]);
    expect(held(using('mail', { tenant: 'other' }))).toEqual([]);
  });

  it('`then: cooldown` starts one at once wherever in the text it lies, and not again for the same text', async () => {
    const state = make();
    const offences = [{ rule: 'r', segment: 'hash', strike: {}, ladder: 'abuse' }];
    const init = { strikes: [], ladders: LADDERS, shadow: false, offences };
    expect((await state.strike({ ...init, event: event({ session: 'one' }) })).answers[0]?.retryAfterMs).toBe(60_000);
    const again = (await state.strike({ ...init, event: event({ session: 'one' }) })).answers[0]!.retryAfterMs;
    expect(again).toBeGreaterThan(59_000);
    expect(again).toBeLessThanOrEqual(60_000);
  });

  it('a cooldown holds in the process that caused it before any push', async () => {
    const state = make({ store: breakable() });
    await state.ready();
    for (let i = 0; i < 3; i++) await strikeOnce(state, event());
    expect(state.cooldownsFor([LADDER], event(), false)).toHaveLength(1);
  });

  it('D7: shadow climbs a ladder of its own, the same way', async () => {
    const state = make();
    const waits = async (shadow: boolean): Promise<number[]> => {
      const got: number[] = [];
      for (let i = 0; i < 6; i++) got.push((await strikeOnce(state, event(), shadow)).answers[0]!.retryAfterMs);
      return got;
    };
    const shadowed = await waits(true);
    expect(state.cooldownsFor([LADDER], event(), false)).toEqual([]);
    expect(state.cooldownsFor([LADDER], event(), true)).toHaveLength(1);
    expect((await waits(false)).map((ms) => Math.round(ms / 1000))).toEqual(
      shadowed.map((ms) => Math.round(ms / 1000)),
    );
  });
});

describe('state: limits', () => {
  const charge = (state: State, e: GovernedEvent, ...limits: Limit[]): ReturnType<State['charge']> =>
    state.charge({ limits: limits.length === 0 ? [LIMIT] : limits, event: e, shadow: false });
  const exceeded = async (...args: Parameters<typeof charge>): Promise<boolean | undefined> =>
    (await charge(...args)).answers[0]?.exceeded;

  it('interactions are charged once per interaction, events once per event', async () => {
    const state = make();
    const events: Limit = { ...LIMIT, id: 'events', unit: 'events' };
    const one = (id: string): GovernedEvent => event({}, { id, interactionId: 'int_1' });
    expect([await exceeded(state, one('a')), await exceeded(state, one('b')), await exceeded(state, one('c'))]).toEqual(
      [false, false, false],
    );
    const got = [];
    for (const id of ['a', 'a', 'b', 'c']) got.push(await exceeded(state, one(id), events));
    expect(got).toEqual([false, false, false, true]);
  });

  it('reported numbers stop the next event, prices to the millionth', async () => {
    const state = make();
    const cost: Limit = { ...LIMIT, id: 'cost', unit: 'cost', allow: 0.3 };
    for (let i = 0; i < 3; i++) {
      expect(await exceeded(state, event(), cost)).toBe(false);
      const e = event();
      for (let twice = 0; twice < 2; twice++)
        await state.report({ limits: [cost, LIMIT], unit: 'cost', amount: 0.1, id: 'r1', event: e, shadow: false });
    }
    expect(await exceeded(state, event(), cost)).toBe(true);
  });

  it('two reports on one event both count, unless they have one id', async () => {
    const state = make();
    const tokens: Limit = { ...LIMIT, id: 'tokens', unit: 'output_tokens', allow: 1000 };
    const e = event();
    const report = (id?: string): unknown =>
      state.report({
        limits: [tokens],
        unit: 'output_tokens',
        amount: 300,
        event: e,
        shadow: false,
        ...(id && { id }),
      });
    for (const id of ['first', 'first', undefined, undefined]) await report(id);
    expect(await exceeded(state, event(), tokens)).toBe(false);
    await report('second');
    expect(await exceeded(state, event(), tokens)).toBe(true);
  });

  it('a report that was queued counts once, however often it is sent', async () => {
    const store = breakable();
    const sound = store.report;
    let slow = true;
    const state = make({
      store: {
        ...store,
        report: async (amounts) => {
          await sound(amounts);
          return slow ? new Promise<void>(() => undefined) : undefined;
        },
      },
    });
    await state.ready();
    const tokens: Limit = { ...LIMIT, id: 'tokens', unit: 'output_tokens', allow: 1000 };
    await state.report({ limits: [tokens], unit: 'output_tokens', amount: 600, event: event(), shadow: false });
    expect(state.status().queued).toBe(1);
    slow = false;
    await vi.waitFor(() => expect(state.status().queued).toBe(0));
    expect(await exceeded(state, event(), tokens)).toBe(false);
  });

  it('what is no amount is a mistake that says so and changes nothing; the smallest amount counts', async () => {
    const state = make();
    const tokens: Limit = { ...LIMIT, id: 'tokens', unit: 'output_tokens', allow: 10 };
    const report = (amount: number, limits = [tokens]): unknown =>
      state.report({ limits, unit: 'output_tokens', amount, event: event(), shadow: false });
    for (const amount of [Number.NaN, Infinity, -5, '1200' as never, undefined as never, null as never]) {
      expect(() => report(amount)).toThrow(expect.objectContaining({ code: 'REPORT_INVALID' }));
      expect(() => report(amount, [])).toThrow(expect.objectContaining({ code: 'REPORT_INVALID' }));
    }
    await report(0);
    await report(9.999999);
    expect(await exceeded(state, event(), tokens)).toBe(false);
    await report(4e-7);
    expect(await exceeded(state, event(), tokens)).toBe(true);
    const huge = { ...tokens, id: 'huge', allow: 1e300 };
    await report(1e300, [huge]);
    expect(await exceeded(state, event(), huge)).toBe(true);
  });

  it('a place in flight is given back once, by whoever took it', async () => {
    const state = make();
    const limit: Limit = { ...LIMIT, id: 'at once', unit: 'in_flight', allow: 1 };
    const first = await charge(state, event({}, { interactionId: 'int_1' }), limit);
    const inner = await charge(state, event({}, { interactionId: 'int_1' }), limit);
    expect([first.held.length, inner.held.length, inner.answers[0]?.exceeded]).toEqual([1, 0, false]);
    expect(await exceeded(state, event({}, { interactionId: 'int_2' }), limit)).toBe(true);
    await state.release(first.held);
    expect(await exceeded(state, event({}, { interactionId: 'int_2' }), limit)).toBe(false);
  });

  it('the same output may be given so often, another one still', async () => {
    const state = make();
    const limit: Limit = { ...LIMIT, id: 'parrot', unit: 'repeats', allow: 2 };
    const say = async (output: string): Promise<boolean | undefined> =>
      (await state.charge({ limits: [limit], event: event(), shadow: false, output })).answers[0]?.exceeded;
    expect([await say('h1'), await say('h1'), await say('h1'), await say('h2')]).toEqual([false, false, true, false]);
    expect((await charge(state, event(), limit)).answers).toEqual([]);
  });

  it('a subject that is known to wait costs no call, until its wait is over', async () => {
    let time = 0;
    const store = breakable(() => time);
    const state = make({ store, now: () => time, pollMs: 60_000, staleAfterMs: 10_000_000 });
    await state.ready();
    const first = async (limit: Limit = LIMIT, subject: Partial<Subject> = {}): Promise<readonly unknown[]> => {
      const { answers } = await state.charge({ limits: [limit], event: event(subject), shadow: false, first: true });
      return [answers[0]!.exceeded, answers[0]!.retryAfterMs];
    };
    const one = event();
    await state.charge({ limits: [LIMIT], event: one, shadow: false, first: true });
    expect([await first(), await first()]).toEqual([
      [false, 0],
      [true, 60_000],
    ]);
    const calls = store.calls;
    time = 10_000;
    for (let i = 0; i < 5; i++) expect(await first()).toEqual([true, 50_000]);
    expect(store.calls).toBe(calls);
    // Asked all the same: what was admitted before, whoever else there is, and a limit that was raised.
    expect((await state.charge({ limits: [LIMIT], event: one, shadow: false })).answers[0]?.exceeded).toBe(false);
    expect(await first(LIMIT, { user: 'eve' })).toEqual([false, 0]);
    expect(await first({ ...LIMIT, allow: 3 })).toEqual([false, 0]);
    time = 59_999;
    expect(await first()).toEqual([true, 1]);
    time = 60_000;
    expect(await first()).toEqual([false, 0]);
  });

  it('a place that was taken there while the answer did not arrive here is given back', async () => {
    const store = breakable();
    const sound = store.charge;
    let slow = true;
    const state = make({
      store: {
        ...store,
        charge: async (charges) => {
          const answers = await sound(charges);
          return slow ? new Promise(() => undefined) : answers;
        },
      },
      pollMs: 60_000,
    });
    await state.ready();
    const limit: Limit = { ...LIMIT, id: 'at once', unit: 'in_flight', allow: 1 };
    const charged = await charge(state, event(), limit);
    expect(charged.errors).toHaveLength(1);
    slow = false;
    expect(await exceeded(state, event(), limit)).toBe(true);
    await state.release(charged.held);
    expect(await exceeded(state, event(), limit)).toBe(false);
  });

  it('S6: with the store gone a place in flight is given back as well', async () => {
    const store = breakable();
    const state = make({ store, pollMs: 60_000 });
    await state.ready();
    store.broken = 'dead';
    const limit: Limit = { ...LIMIT, id: 'at once', unit: 'in_flight', allow: 1 };
    const first = await charge(state, event(), limit);
    const second = await charge(state, event(), limit);
    expect([first.answers[0]?.exceeded, second.answers[0]?.exceeded]).toEqual([false, true]);
    await state.release(second.held);
    await state.release(first.held);
    expect(await exceeded(state, event(), limit)).toBe(false);
  });

  it('a place in flight is kept for as long as its request runs, however much longer than `per`', async () => {
    const store = breakable();
    const state = make({ store, pollMs: 60_000, deadlineMs: 1000, backgroundTimeoutMs: 1000 });
    await state.ready();
    const limit: Limit = { ...LIMIT, id: 'at once', unit: 'in_flight', allow: 1, perMs: 600 };
    const running = await charge(state, event(), limit);
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect(await exceeded(state, event(), limit)).toBe(true);
    await state.release(running.held);
    // And it is not taken again behind the back of whoever gave it back.
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(await exceeded(state, event(), limit)).toBe(false);
    expect(running.held).toHaveLength(1);
  });

  it('a subject whose sum is used up costs no call whatever the event, and waits no second longer than what was reserved', async () => {
    let time = 0;
    const store = breakable(() => time);
    const state = make({ store, now: () => time, pollMs: 600_000, staleAfterMs: 10_000_000 });
    await state.ready();
    const limits: readonly Limit[] = [{ ...LIMIT, unit: 'usd', allow: 10, perMs: 3_600_000 }];
    const refused = async (): Promise<boolean | undefined> =>
      (await state.charge({ limits, event: event(), shadow: false })).answers[0]?.exceeded;
    const reserved = await state.reserve({ limits, unit: 'usd', amount: 10, id: 'r', event: event(), shadow: false });
    expect(await refused()).toBe(true);
    const { calls } = store;
    for (let i = 0; i < 5; i++) expect(await refused()).toBe(true);
    expect(store.calls).toBe(calls);
    await state.settle(reserved.reserved!, false);
    time = 1000;
    expect(await refused()).toBe(false);
  });

  it('a place in flight may be free at any time, and is asked for', async () => {
    const store = breakable();
    const state = make({ store, pollMs: 60_000 });
    await state.ready();
    const limit: Limit = { ...LIMIT, id: 'at once', unit: 'in_flight', allow: 1 };
    const charged = async (): Promise<Awaited<ReturnType<State['charge']>>> =>
      state.charge({ limits: [limit], event: event(), shadow: false, first: true });
    const held = await charged();
    expect((await charged()).answers[0]?.exceeded).toBe(true);
    await state.release(held.held);
    expect((await charged()).answers[0]?.exceeded).toBe(false);
  });

  it('shadow charges never touch a real limit', async () => {
    const state = make();
    for (let i = 0; i < 5; i++) await state.charge({ limits: [LIMIT], event: event(), shadow: true });
    expect(await exceeded(state, event())).toBe(false);
  });
});

describe('state: labels of a session', () => {
  const MINUTE = 60_000;
  const labels = async (
    state: State,
    add: readonly string[],
    subject: Partial<Subject> = { session: 's1' },
    shadow = false,
  ): Promise<readonly string[]> => {
    const { labels, errors } = await state.labelsFor({ event: event(subject), add, rememberMs: MINUTE, shadow });
    expect(errors).toEqual([]);
    return labels;
  };

  it('are those of tenant, user and session, in every process that shares the store', async () => {
    const store = breakable();
    const [one, other] = [make({ store }), make({ store })];
    expect(await labels(one, ['untrusted'])).toEqual(['untrusted']);
    expect(await labels(other, ['private'])).toEqual(['private', 'untrusted']);
    expect(await labels(one, [])).toEqual(['private', 'untrusted']);
    for (const elsewhere of [{ session: 's2' }, { session: 's1', user: 'eve' }, { session: 's1', tenant: 'other' }])
      expect(await labels(one, [], elsewhere)).toEqual([]);
  });

  it('S4: an event without a session carries none, and nobody is asked', async () => {
    const store = breakable();
    const state = make({ store, pollMs: 60_000 });
    await state.ready();
    const before = store.calls;
    const none = state.labelsFor({ event: event(), add: ['untrusted'], rememberMs: MINUTE, shadow: false });
    expect(none).toEqual({ labels: [], errors: [] });
    expect(store.calls).toBe(before);
  });

  it('D7: shadow carries labels of its own', async () => {
    const state = make();
    await labels(state, ['untrusted'], { session: 's1' }, true);
    expect(await labels(state, [])).toEqual([]);
    expect(await labels(state, [], { session: 's1' }, true)).toEqual(['untrusted']);
  });

  it('end with their time', async () => {
    let time = 0;
    const state = make({ store: createMemoryStore({ now: () => time }) });
    await labels(state, ['untrusted']);
    time = MINUTE;
    expect(await labels(state, [])).toEqual([]);
  });

  it('S6: with the store gone what is added here is known here, is queued, and is in the store when it is back', async () => {
    const store = breakable();
    const [state, other] = [make({ store }), make({ store })];
    await Promise.all([state.ready(), other.ready()]);
    await labels(other, ['private']);
    store.broken = 'dead';
    const init = { event: event({ session: 's1' }), rememberMs: MINUTE, shadow: false };
    const failed = [{ part: 'store', id: 'labels', code: 'UNAVAILABLE' }];
    expect(await state.labelsFor({ ...init, add: ['untrusted'] })).toEqual({ labels: ['untrusted'], errors: failed });
    expect(await state.labelsFor({ ...init, add: [] })).toEqual({ labels: ['untrusted'], errors: failed });
    store.broken = 'no';
    await vi.waitFor(() => expect(state.status()).toMatchObject({ connected: true, queued: 0 }));
    expect(await labels(state, [])).toEqual(['private', 'untrusted']);
    expect(await labels(other, [])).toEqual(['private', 'untrusted']);
  });

  it('S6: a label whose addition was not answered in time is not forgotten by the next read', async () => {
    const store = breakable();
    let slow = true;
    const sound = store.labels;
    const state = make({
      store: { ...store, labels: (request) => (slow ? new Promise(() => undefined) : sound(request)) },
      pollMs: 60_000,
    });
    await state.ready();
    const init = { event: event({ session: 's1' }), rememberMs: MINUTE, shadow: false };
    expect((await state.labelsFor({ ...init, add: ['untrusted'] })).errors).toHaveLength(1);
    slow = false;
    expect(await labels(state, [])).toEqual(['untrusted']);
  });
});

describe('state: controls', () => {
  it('a halt covers its scope in every process, is seen by listeners, and is lifted', async () => {
    const store = createMemoryStore();
    const [one, other] = [make({ store }), make({ store })];
    const seen: string[] = [];
    other.control.onChange(({ op, control }) => void seen.push(`${op} ${control.id}`));
    const { inForce, ...halt } = await one.control.halt({ tool: 'refund' }, OPERATOR);
    expect(inForce).toEqual({ processes: 1, of: 1 });
    expect(other.controlsFor(event({}, { resource: { tool: 'refund' } })).controls).toEqual([halt]);
    expect(other.controlsFor(event({}, { resource: { tool: 'mail' } })).controls).toEqual([]);
    expect(await other.control.list()).toEqual([halt]);
    expect(await one.control.resume({ tool: 'refund' }, OPERATOR)).toMatchObject({ op: 'lift', who: 'ops' });
    expect(await one.control.resume({ tool: 'refund' }, OPERATOR)).toBeUndefined();
    expect(other.controlsFor(event({}, { resource: { tool: 'refund' } })).controls).toEqual([]);
    expect(seen).toEqual([`set ${halt.id}`, `lift ${halt.id}`]);
  });

  it('modes stand beside halts and end with their time', async () => {
    let time = 0;
    const state = make({ store: createMemoryStore({ now: () => time }), now: () => time });
    await state.control.setMode({ tenant: 'acme' }, 'shadow', { ...OPERATOR, forMs: 1000 });
    await state.control.halt({}, OPERATOR);
    expect(
      state
        .controlsFor(event())
        .controls.map(({ kind }) => kind)
        .toSorted(),
    ).toEqual(['halt', 'mode']);
    expect(state.controlsFor(event({ tenant: 'other' })).controls).toHaveLength(1);
    time = 1000;
    expect(state.controlsFor(event()).controls.map(({ kind }) => kind)).toEqual(['halt']);
    expect((await state.control.history()).map(({ op }) => op)).toEqual(['set', 'set']);
  });
});

describe('state: the store is gone', () => {
  const until = (condition: () => boolean): Promise<void> => vi.waitFor(() => expect(condition()).toBe(true), 2000);

  it('S5: a process that never reached its store says so', async () => {
    const store = breakable();
    store.broken = 'dead';
    const state = make({ store });
    await state.ready();
    expect(state.controlsFor(event()).errors).toEqual([{ part: 'store', id: 'controls', code: 'STALE' }]);
    store.broken = 'no';
    await until(() => state.controlsFor(event()).errors.length === 0);
  });

  it('S5: what is known counts as failed once it was not confirmed for `staleAfterMs`', async () => {
    const store = breakable();
    const state = make({ store, staleAfterMs: 80 });
    await state.ready();
    store.broken = 'hung';
    expect(state.controlsFor(event()).errors).toEqual([]);
    await until(() => state.controlsFor(event()).errors[0]?.code === 'STALE');
  });

  it('S5: whoever listens is told once when what is known has become stale, and again the next time', async () => {
    const store = breakable();
    const state = make({ store, staleAfterMs: 80 });
    const stale: boolean[] = [];
    state.onStale(() => {
      throw new Error('a listener broke');
    });
    const stop = state.onStale(() => stale.push(state.controlsFor(event()).errors.length === 1));
    await state.ready();
    for (const times of [1, 2]) {
      store.broken = 'hung';
      await until(() => stale.length === times);
      await new Promise((resolve) => setTimeout(resolve, 120));
      expect(stale).toEqual(Array(times).fill(true));
      store.broken = 'no';
      await until(() => state.controlsFor(event()).errors.length === 0);
    }
    stop();
    store.broken = 'hung';
    await until(() => state.controlsFor(event()).errors.length === 1);
    expect(stale).toHaveLength(2);
  });

  it('S6: a hung store costs an event its deadline, soon nothing, and the failure is named', async () => {
    const store = breakable();
    const state = make({ store, pollMs: 60_000 });
    await state.ready();
    store.broken = 'hung';
    const charge = (): ReturnType<State['charge']> => state.charge({ limits: [LIMIT], event: event(), shadow: false });
    expect((await charge()).errors).toEqual([{ part: 'store', id: 'questions', code: 'TIMEOUT' }]);
    await until(() => !state.status().connected);
    const later = charge();
    expect(later).not.toBeInstanceOf(Promise);
    expect((await later).errors).toEqual([{ part: 'store', id: 'questions', code: 'UNAVAILABLE' }]);
  });

  it('S6: one slow answer fails one event, not those beside and after it', async () => {
    const store = breakable();
    const state = make({ store, pollMs: 60_000, deadlineMs: 30 });
    await state.ready();
    const charge = async (): Promise<number> =>
      (await state.charge({ limits: [LIMIT], event: event(), shadow: false })).errors.length;
    store.broken = 'hung';
    const slow = charge();
    store.broken = 'no';
    expect([await slow, await charge(), await charge()]).toEqual([1, 0, 0]);
    expect(state.status().connected).toBe(true);
  });

  it('S6: a pause of this process is not held against the store', async () => {
    const store = { ...breakable() };
    const charge = store.charge;
    const state = make({
      store: {
        ...store,
        // Answers as sockets do: in the phase of the event loop that comes after timers.
        charge: (charges) =>
          new Promise((resolve) => {
            setImmediate(() => resolve(charge(charges)));
          }),
      },
      pollMs: 60_000,
    });
    await state.ready();
    // From here the loop runs timers first, then what the store answered.
    await new Promise((resolve) => setImmediate(resolve));
    const asked = state.charge({ limits: [LIMIT], event: event(), shadow: false });
    const until = performance.now() + 40;
    while (performance.now() < until);
    expect((await asked).errors).toEqual([]);
  });

  it('S6: alone, a process still stops what it alone has admitted too often', async () => {
    const store = breakable();
    const state = make({ store, pollMs: 60_000 });
    await state.ready();
    store.broken = 'dead';
    const got = [];
    for (let i = 0; i < 3; i++)
      got.push((await state.charge({ limits: [LIMIT], event: event(), shadow: false })).answers[0]?.exceeded);
    expect(got).toEqual([false, false, true]);
  });

  it('S6: strikes hold here at once and are merged once each when the store is back', async () => {
    const store = breakable();
    const state = make({ store });
    await state.ready();
    store.broken = 'dead';
    const struck = event();
    for (let i = 0; i < 3; i++) await strikeOnce(state, struck);
    await strikeOnce(state, event());
    expect(state.cooldownsFor([LADDER], event(), false)).toEqual([]);
    expect(state.status()).toMatchObject({ connected: false, queued: 2, lost: 0 });
    store.broken = 'no';
    await until(() => state.status().connected);
    expect(state.status().queued).toBe(0);
    expect((await strikeOnce(state, event())).answers[0]?.retryAfterMs).toBe(60_000);
  });

  it('S6: more strikes than the queue holds are counted as lost', async () => {
    const store = breakable();
    const state = make({ store, maxPending: 2, pollMs: 60_000 });
    await state.ready();
    store.broken = 'dead';
    const events = [event(), event(), event(), event(), event()];
    for (const e of events) await strikeOnce(state, e);
    expect(state.status()).toMatchObject({ queued: 2, lost: 3 });
    await strikeOnce(state, events[0]!);
    expect(state.status()).toMatchObject({ queued: 2, lost: 3 });
  });

  it('a halt holds in this process, says that it is not shared, and is shared when the store is back', async () => {
    const store = breakable();
    const [state, other] = [make({ store }), make({ store })];
    await Promise.all([state.ready(), other.ready()]);
    store.broken = 'dead';
    await expect(state.control.halt({}, OPERATOR)).rejects.toMatchObject({ code: 'HALT_NOT_SHARED' });
    expect(state.controlsFor(event()).controls).toHaveLength(1);
    store.broken = 'no';
    await until(() => other.controlsFor(event()).controls.length === 1);
  });

  it('a halt that ends by itself does so here as well, and is not sent once it is over', async () => {
    const store = breakable();
    const state = make({ store });
    await state.ready();
    store.broken = 'dead';
    await expect(state.control.halt({}, { ...OPERATOR, forMs: 60 })).rejects.toMatchObject({ code: 'HALT_NOT_SHARED' });
    expect(state.controlsFor(event()).controls).toHaveLength(1);
    await until(() => state.controlsFor(event()).controls.length === 0);
    store.broken = 'no';
    await until(() => state.status().connected && state.status().queued === 0);
    expect(await state.control.history()).toEqual([]);
  });

  it('a resume or a mode that the store did not take is an error and changes nothing here', async () => {
    const store = breakable();
    const state = make({ store, pollMs: 60_000 });
    await state.ready();
    await state.control.halt({}, OPERATOR);
    store.broken = 'dead';
    await expect(state.control.resume({}, OPERATOR)).rejects.toMatchObject({ failure: 'UNAVAILABLE' });
    await expect(state.control.setMode({}, 'off', OPERATOR)).rejects.toMatchObject({ failure: 'UNAVAILABLE' });
    expect(state.controlsFor(event()).controls.map(({ kind }) => kind)).toEqual(['halt']);
  });

  it('a halt with an expiry that was given meanwhile ends when it would have, and is not sent once it is over', async () => {
    let time = 0;
    const store = breakable();
    const state = make({ store, now: () => time });
    const standing = (tenant: string): number => state.controlsFor(event({ tenant })).controls.length;
    await state.ready();
    store.broken = 'dead';
    for (const [tenant, forMs] of [
      ['long', 5000],
      ['short', 1000],
    ] as const) {
      await expect(state.control.halt({ tenant }, { ...OPERATOR, forMs })).rejects.toMatchObject({
        code: 'HALT_NOT_SHARED',
      });
      expect(standing(tenant)).toBe(1);
    }
    time += 1001;
    expect([standing('long'), standing('short')]).toEqual([1, 0]);
    store.broken = 'no';
    await vi.waitFor(() => expect(state.status()).toMatchObject({ connected: true, queued: 0 }));
    const controls = (await store.sync()).controls ?? [];
    expect(controls.map(({ scope }) => scope.tenant)).toEqual(['long']);
    expect(controls[0]!.expiresAt! - controls[0]!.at).toBe(3999);
  });

  it('a store that lost its memory is told the halts again', async () => {
    const store = breakable();
    const state = make({ store });
    await state.ready();
    const { inForce: _, ...halt } = await state.control.halt({ tenant: 'acme' }, OPERATOR);
    store.replace();
    await until(() => state.status().connected);
    await vi.waitFor(async () => expect((await store.sync()).controls).toEqual([halt]));
    expect(state.controlsFor(event()).controls).toEqual([halt]);
  });

  it('an answer of the wrong shape is a failure, not an admission', async () => {
    const store = { ...createMemoryStore(), charge: () => [] };
    const state = make({ store });
    expect((await state.charge({ limits: [LIMIT], event: event(), shadow: false })).errors).toEqual([
      { part: 'store', id: 'questions', code: 'INVALID_ANSWER' },
    ]);
  });
});
