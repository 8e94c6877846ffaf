import * as fc from 'fast-check';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  createMemoryStore,
  type Amendment,
  type Amount,
  type Charge,
  type ControlRequest,
  type LadderStrike,
  type LadderTerms,
  type LabelsRequest,
  type LimitTerms,
  type Look,
  type Store,
  type SyncCursor,
} from '@flyball/core/store';
import { createRedisStore, createStore } from '../src/redis-store.ts';
import { freshPrefix, removeKeys, sharedRedis } from './servers.ts';

// `FLYBALL_MODEL_RUNS=50000` runs the full number of sequences; a seed of your own with `FLYBALL_SEED`.
const RUNS = Number(process.env['FLYBALL_MODEL_RUNS'] ?? 1000);
const SEED = Number(process.env['FLYBALL_SEED'] ?? 20_261_122);
/** `FLYBALL_MODEL_SHRINK=no` ends with the first sequence that fails, and does not look for a smaller one. */
const endOnFailure = process.env['FLYBALL_MODEL_SHRINK'] === 'no';
const START = 1_795_300_000_000;

type Step = { readonly wait: number } & (
  | { readonly op: 'charge'; readonly charges: readonly Charge[] }
  | { readonly op: 'report'; readonly amounts: readonly Amount[] }
  | { readonly op: 'release'; readonly key: string; readonly id: string }
  | { readonly op: 'strike'; readonly strikes: readonly LadderStrike[] }
  | { readonly op: 'labels'; readonly request: LabelsRequest }
  | { readonly op: 'control'; readonly request: ControlRequest }
  | { readonly op: 'sync'; readonly since: 'nothing' | 'last' | 'unknown' }
  | { readonly op: 'history' }
  | { readonly op: 'look'; readonly asked: readonly Look[] }
  | { readonly op: 'amend'; readonly amendment: Amendment }
);

// What a key means does not change within a sequence, as it does not under one policy.
const LIMITS: readonly Omit<Charge, 'id' | 'allow'>[] = [
  { key: 't/limit/a', kind: 'count', perMs: 50, window: 'sliding' },
  { key: 't/limit/b', kind: 'count', perMs: 70, window: 'fixed' },
  { key: 't/limit/c', kind: 'hold', perMs: 4000, window: 'sliding' },
  { key: 't/limit/d', kind: 'sum', perMs: 90, window: 'sliding' },
  { key: 't/limit/e', kind: 'sum', perMs: 60, window: 'fixed' },
];
const LADDERS: readonly Omit<LadderStrike, 'id' | 'offences'>[] = [
  {
    key: 't/ladder/a',
    rememberMs: 100,
    ladder: { after: { strikes: 3, withinMs: 60 }, forMs: 20, escalate: { factor: 1.7, maxMs: 90, forgetMs: 80 } },
  },
  { key: 't/ladder/b', rememberMs: 5000, ladder: { after: { strikes: 2, withinMs: 200 }, forMs: 45 } },
];

const id = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h');
const charge = fc
  .record({ terms: fc.constantFrom(...LIMITS), id, allow: fc.integer({ min: 0, max: 3 }) })
  .map(({ terms, id, allow }): Charge => ({ ...terms, id, allow: terms.kind === 'sum' ? allow * 1000 : allow }));
const attempt = fc.constantFrom('one', 'two,three', '');
// What is limited by reports is reserved as well.
const reservation = fc
  .record({ terms: fc.constantFrom(...LIMITS.slice(3)), id, amount: fc.integer({ min: 0, max: 2500 }), attempt })
  .map(({ terms, id, amount, attempt }): Charge => ({ ...terms, kind: 'reserve', id, allow: 3000, amount, attempt }));
const amount = fc
  .record({
    terms: fc.constantFrom(...LIMITS.slice(3)),
    id,
    amount: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 2500 })),
    attempt,
  })
  .map(({ terms: { key, perMs, window }, id, amount, attempt }): Amount => ({
    ...{ key, perMs, window, id, amount },
    attempt,
  }));
const strike = fc
  .record({
    terms: fc.constantFrom(...LADDERS),
    id,
    offences: fc.array(
      fc.record({ key: fc.constantFrom('o1', 'o2', 'o3', 'o4'), points: fc.integer({ min: 1, max: 3 }) }),
      {
        minLength: 1,
        maxLength: 2,
      },
    ),
    cause: fc.option(fc.constantFrom('one', 'two'), { nil: undefined }),
  })
  .map(({ terms, id, offences, cause }): LadderStrike => ({
    ...{ ...terms, id, offences },
    ...(cause !== undefined && { cause }),
  }));
const limitTerms = fc
  .record({ terms: fc.constantFrom(...LIMITS), allow: fc.integer({ min: 0, max: 3 }) })
  .map(({ terms: { key, kind, perMs, window }, allow }): { readonly key: string } & LimitTerms => {
    const counts = kind === 'reserve' ? 'sum' : kind;
    return { key, kind: counts, perMs, window, allow: counts === 'sum' ? allow * 1000 : allow };
  });
const ladderTerms = fc.constantFrom(...LADDERS).map(({ key, ladder }) => ({ key, ladder }));
const look: fc.Arbitrary<Look> = fc.oneof(
  limitTerms.map((terms): Look => ({ of: 'limit', ...terms })),
  ladderTerms.map((terms): Look => ({ of: 'ladder', ...terms })),
);
const amendment: fc.Arbitrary<Amendment> = fc.oneof(
  limitTerms.map((terms): Amendment => ({ op: 'reset', ...terms })),
  fc
    .record({
      terms: ladderTerms,
      op: fc.constantFrom('lift' as const, 'forgive' as const, 'put_on' as const),
      forMs: fc.integer({ min: 1, max: 150 }),
      cause: fc.constantFrom('olga', 'eve'),
    })
    .map(({ terms, op, forMs, cause }): Amendment =>
      op === 'put_on' ? { op, ...terms, cause, forMs } : { op, ...terms, cause },
    ),
);
const labels = fc
  .record({
    key: fc.constantFrom('t/labels/a', 't/labels/b'),
    add: fc.array(fc.constantFrom('a', 'b', 'ä', '\ud800', '"'), { maxLength: 3 }),
    rememberMs: fc.integer({ min: 1, max: 150 }),
  })
  .map((request): LabelsRequest => request);
const scope = fc.constantFrom({}, { tenant: 't' }, { tenant: 't', tool: 'x' });
const kind = fc.constantFrom('halt' as const, 'mode' as const);
const lasting = fc.option(fc.integer({ min: 1, max: 120 }), { nil: undefined });
const request: fc.Arbitrary<ControlRequest> = fc
  .record({ op: fc.constantFrom('set' as const, 'lift' as const, 'restore' as const), id, kind, scope, lasting })
  .map(({ op, id, kind, scope, lasting }): ControlRequest => {
    if (op === 'lift') {
      // Some lifts name the control they lift.
      const only = lasting !== undefined && lasting % 2 === 0 ? { only: 'a' } : {};
      return { op, id, kind, scope, who: 'ops', why: 'over\nand out', ...only };
    }
    const control = {
      id,
      kind,
      scope,
      who: 'ops',
      why: 'a "drill"',
      ...(kind === 'mode' ? { mode: 'shadow' as const } : {}),
    };
    if (op === 'set') return { op, control, ...(lasting === undefined ? {} : { forMs: lasting }) };
    return { op, control: { ...control, at: 5 }, ...(lasting === undefined ? {} : { remainingMs: lasting }) };
  });
const uniqueBy = (key: 'key') => ({ selector: (one: { key: string }) => one[key], minLength: 1, maxLength: 3 });
const wait = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 200 }));
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      wait,
      op: fc.constant('charge' as const),
      charges: fc.uniqueArray(fc.oneof(charge, reservation), uniqueBy('key')),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      wait,
      op: fc.constant('report' as const),
      amounts: fc.uniqueArray(amount, uniqueBy('key')),
    }),
  },
  { weight: 1, arbitrary: fc.record({ wait, op: fc.constant('release' as const), key: fc.constant('t/limit/c'), id }) },
  {
    weight: 4,
    arbitrary: fc.record({
      wait,
      op: fc.constant('strike' as const),
      strikes: fc.uniqueArray(strike, uniqueBy('key')),
    }),
  },
  { weight: 2, arbitrary: fc.record({ wait, op: fc.constant('labels' as const), request: labels }) },
  { weight: 2, arbitrary: fc.record({ wait, op: fc.constant('control' as const), request }) },
  {
    weight: 2,
    arbitrary: fc.record({
      wait,
      op: fc.constant('sync' as const),
      since: fc.constantFrom('nothing' as const, 'last' as const, 'unknown' as const),
    }),
  },
  { weight: 1, arbitrary: fc.record({ wait, op: fc.constant('history' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      wait,
      op: fc.constant('look' as const),
      asked: fc.array(look, { minLength: 1, maxLength: 3 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ wait, op: fc.constant('amend' as const), amendment }) },
);

/** One step's observable result. Incarnations differ by nature, and lists of what is active have no order. */
async function take(store: Store, one: Step, cursors: Map<Store, SyncCursor>): Promise<unknown> {
  switch (one.op) {
    case 'charge':
      return store.charge(one.charges);
    case 'report':
      return store.report(one.amounts);
    case 'release':
      return store.release([{ key: one.key, id: one.id }]);
    case 'strike':
      return store.strike(one.strikes);
    case 'labels':
      return store.labels(one.request);
    case 'control':
      return store.control(one.request);
    case 'history':
      return store.history(5);
    case 'look':
      return store.look(one.asked);
    case 'amend':
      return store.amend(one.amendment);
    case 'sync': {
      const unknown = { incarnation: 'x', epoch: 0 };
      const since = one.since === 'nothing' ? undefined : one.since === 'last' ? cursors.get(store) : unknown;
      const { incarnation, ...answer } = await store.sync(since);
      cursors.set(store, { incarnation, epoch: answer.epoch });
      return {
        ...answer,
        ...(answer.changes !== undefined && { changes: answer.changes.toSorted((a, b) => a.epoch - b.epoch) }),
        cooldowns: answer.cooldowns.toSorted((a, b) => (a.key < b.key ? -1 : 1)),
        controls: answer.controls?.toSorted((a, b) =>
          `${a.kind}${a.id}${JSON.stringify(a.scope)}` < `${b.kind}${b.id}${JSON.stringify(b.scope)}` ? -1 : 1,
        ),
      };
    }
  }
}

const url = await sharedRedis();

describe.skipIf(url === undefined)('the memory store and the Redis store (skipped when no Redis answers)', () => {
  const prefix = freshPrefix();
  let client: Redis;
  let run = 0;
  beforeAll(async () => {
    // One that gives up dead connections by itself is used as it is.
    client = new Redis(url!, { socketTimeout: 30_000 });
    await client.ping();
  });
  afterAll(async () => {
    client.disconnect();
    await removeKeys(url!, prefix);
  });

  it(`agree on ${RUNS} random sequences of operations (seed ${SEED})`, { timeout: 600_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25 }), async (steps) => {
        let time = START;
        const memory = createMemoryStore({ now: () => time });
        const redis = createStore(
          { client, prefix: `${prefix}${run++}:`, deadlineMs: 5000, backgroundTimeoutMs: 5000 },
          () => time,
        );
        const cursors = new Map<Store, SyncCursor>();
        for (const one of steps) {
          time += one.wait;
          expect(await take(redis, one, cursors)).toEqual(await take(memory, one, cursors));
        }
      }),
      { numRuns: RUNS, seed: SEED, endOnFailure },
    );
  });

  it('agree on days, weeks and months, over changes of the clock', async () => {
    for (const period of ['day', 'week', 'month'] as const) {
      const calendar = { period, timeZone: 'Europe/Berlin' } as const;
      const perMs = 31 * 25 * 3_600_000;
      let time = Date.parse('2026-10-20T09:00:00Z');
      const memory = createMemoryStore({ now: () => time });
      const redis = createStore({ client, prefix: `${prefix}${run++}:`, deadlineMs: 5000 }, () => time);
      for (let i = 0; i < 60; i++) {
        const terms = { perMs, window: 'calendar', calendar } as const;
        const charges: Charge[] = [
          { ...terms, key: 't/limit/n', id: `n${i}`, kind: 'count', allow: 2 },
          { ...terms, key: 't/limit/r', id: `r${i}`, kind: 'reserve', allow: 3000, amount: 1000, attempt: 'x' },
        ];
        for (const one of charges) expect(await redis.charge([one])).toEqual(await memory.charge([one]));
        const amounts: Amount[] = [{ ...terms, key: 't/limit/r', id: `a${i}`, amount: 300 }];
        for (const store of [redis, memory]) await store.report(amounts);
        time += 7 * 3_600_000 + i * 60_000;
      }
    }
  });

  it('S3: a process whose clock is days away asks again, and counts in the day of the server', async () => {
    const store = createRedisStore({ client, prefix: `${prefix}${run++}:`, deadlineMs: 5000 });
    const calendar = { period: 'day', timeZone: 'UTC' } as const;
    const one = (id: string): Charge => ({
      ...{ key: 't/limit/n', id, kind: 'count', allow: 1 },
      ...{ perMs: 25 * 3_600_000, window: 'calendar', calendar },
    });
    const real = Date.now();
    const clock = vi.spyOn(Date, 'now').mockImplementation(() => real - 10 * 86_400_000);
    try {
      expect((await store.charge([one('a')]))[0]?.exceeded).toBe(false);
      const [refused] = await store.charge([one('b')]);
      const left = 86_400_000 - (real % 86_400_000);
      expect(refused!.retryAfterMs).toBeLessThanOrEqual(left);
      expect(refused!.retryAfterMs).toBeGreaterThan(left - 60_000);
    } finally {
      clock.mockRestore();
    }
  });

  it(`agree on ladders of any terms, fractions included (seed ${SEED})`, { timeout: 600_000 }, async () => {
    const terms: fc.Arbitrary<LadderTerms> = fc.record(
      {
        after: fc.record({ strikes: fc.integer({ min: 1, max: 30 }), withinMs: fc.integer({ min: 1, max: 10 ** 9 }) }),
        forMs: fc.integer({ min: 1, max: 10 ** 9 }),
        escalate: fc.record({
          factor: fc.double({ min: 1, max: 100, noNaN: true }),
          maxMs: fc.integer({ min: 1, max: 10 ** 10 }),
          forgetMs: fc.integer({ min: 0, max: 10 ** 10 }),
        }),
      },
      { requiredKeys: ['after', 'forMs'] },
    );
    const walk = fc.array(
      fc.record({ wait: fc.oneof(fc.nat(100), fc.nat(10 ** 9)), points: fc.integer({ min: 1, max: 9 }) }),
      { maxLength: 40 },
    );
    await fc.assert(
      fc.asyncProperty(terms, walk, async (ladder, steps) => {
        let time = START;
        const memory = createMemoryStore({ now: () => time });
        const redis = createStore({ client, prefix: `${prefix}${run++}:`, deadlineMs: 5000 }, () => time);
        for (const [i, { wait, points }] of steps.entries()) {
          time += wait;
          const one = {
            key: 't/ladder/x',
            id: `e${i}`,
            offences: [{ key: `o${i}`, points }],
            ladder,
            rememberMs: 1000,
          };
          expect(await redis.strike([one])).toEqual(await memory.strike([one]));
        }
      }),
      { numRuns: Math.ceil(RUNS / 5), seed: SEED, endOnFailure },
    );
  });
});
