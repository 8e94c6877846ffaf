import type { Control } from '../contract/control.ts';
import type { Charge, ControlRequest, LadderStrike, LadderTerms, Push, Store } from './store.ts';
import type { MaybePromise } from '../outside/maybe-promise.ts';

/** What the suite needs of a test framework: vitest, jest and `node:test` with any `expect` have it. */
export interface TestTools {
  readonly describe: (name: string, body: () => void) => void;
  readonly it: (name: string, body: () => Promise<void>) => void;
  readonly expect: (actual: unknown) => { toEqual(expected: unknown): void };
}

/** Fresh, empty data that any number of handles share. */
export interface StoreHarness {
  /** Another handle on the same data, as another process would have it. A one-process store gives the same one. */
  open(): MaybePromise<Store>;
  /** Moves the store's clock on, or waits as long. */
  advance(ms: number): MaybePromise<void>;
  close(): MaybePromise<void>;
}

const SECOND = 1000;
const TERMS: LadderTerms = {
  after: { strikes: 3, withinMs: 10 * SECOND },
  forMs: 2 * SECOND,
  escalate: { factor: 3, maxMs: 10 * SECOND, forgetMs: 30 * SECOND },
};

const charge = (id: string, more: Partial<Charge> = {}): Charge => ({
  key: 'acme/limit/questions/user=bob',
  id,
  kind: 'count',
  allow: 2,
  perMs: 10 * SECOND,
  window: 'sliding',
  ...more,
});

const strike = (id: string, more: Partial<LadderStrike> = {}): LadderStrike => ({
  key: 'acme/ladder/abuse/user=bob',
  id,
  offences: [{ key: `offence of ${id}`, points: 1 }],
  ladder: TERMS,
  rememberMs: 60 * SECOND,
  ...more,
});

const halt = (id: string, scope: Control['scope'], forMs?: number): ControlRequest => ({
  op: 'set',
  control: { id, kind: 'halt', scope, who: 'ops', why: 'drill' },
  ...(forMs === undefined ? {} : { forMs }),
});

/** The promises every store keeps. Call it in a test file with the framework's own functions. */
export function describeStore(name: string, make: () => MaybePromise<StoreHarness>, tools: TestTools): void {
  const { describe, it, expect } = tools;

  const test = (sentence: string, body: (store: Store, harness: StoreHarness) => Promise<void>): void => {
    it(sentence, async () => {
      const harness = await make();
      try {
        await body(await harness.open(), harness);
      } finally {
        await harness.close();
      }
    });
  };
  const waits = async (store: Store, ...charges: Charge[]): Promise<readonly number[]> =>
    (await store.charge(charges)).map((answer) => answer.retryAfterMs);
  const cooldown = async (store: Store, one: LadderStrike): Promise<number> =>
    (await store.strike([one]))[0]!.retryAfterMs;

  describe(`${name}: limits`, () => {
    test('S1: of many charges at once, from several handles, exactly the limit is admitted', async (first, harness) => {
      const second = await harness.open();
      const all = Array.from({ length: 60 }, async (_, i) =>
        (i % 2 === 0 ? first : second).charge([charge(`e${i}`, { allow: 25 })]),
      );
      const answers = await Promise.all(all);
      expect(answers.filter(([answer]) => answer?.exceeded === false).length).toEqual(25);
    });

    test('a charge repeated with its id is admitted again and takes nothing', async (store) => {
      expect(await store.charge([charge('a')])).toEqual([{ exceeded: false, retryAfterMs: 0, fresh: true }]);
      expect(await store.charge([charge('a')])).toEqual([{ exceeded: false, retryAfterMs: 0, fresh: false }]);
      expect(await waits(store, charge('b'))).toEqual([0]);
      expect(await store.charge([charge('a')])).toEqual([{ exceeded: false, retryAfterMs: 0, fresh: false }]);
      expect(await waits(store, charge('c'))).toEqual([10 * SECOND]);
    });

    test('a sliding window has room again when its oldest entry leaves, to the millisecond', async (store, harness) => {
      await store.charge([charge('a')]);
      await harness.advance(4 * SECOND);
      await store.charge([charge('b')]);
      const [wait] = await waits(store, charge('c'));
      expect(wait !== undefined && wait <= 6 * SECOND && wait > 5 * SECOND).toEqual(true);
      await harness.advance(wait! - 1);
      expect((await waits(store, charge('c')))[0]! <= 1).toEqual(true);
      await harness.advance(1);
      expect(await waits(store, charge('c'))).toEqual([0]);
    });

    test('a lowered limit waits until enough entries have left', async (store, harness) => {
      for (const id of ['a', 'b', 'c']) {
        await store.charge([charge(id, { allow: 3 })]);
        await harness.advance(SECOND);
      }
      const [wait] = await waits(store, charge('d', { allow: 1 }));
      expect(wait !== undefined && wait <= 9 * SECOND && wait > 8 * SECOND).toEqual(true);
    });

    test('a fixed window starts at a multiple of its length', async (store, harness) => {
      const one = { window: 'fixed', allow: 1 } as const;
      await store.charge([charge('a', one)]);
      const [wait] = await waits(store, charge('b', one));
      if (wait === 0) return; // the window turned between the two calls of a store on real time
      expect(wait! > 0 && wait! <= 10 * SECOND).toEqual(true);
      await harness.advance(wait!);
      expect(await waits(store, charge('b', one))).toEqual([0]);
    });

    test('of several limits all are charged or none', async (store) => {
      const narrow = (id: string): Charge => charge(id, { key: 'acme/limit/narrow', allow: 1 });
      expect(await waits(store, charge('a'), narrow('a'))).toEqual([0, 0]);
      for (const id of ['b', 'c', 'd']) {
        const [wide, tight] = await store.charge([charge(id), narrow(id)]);
        expect([wide?.exceeded, wide?.fresh, tight?.exceeded]).toEqual([false, false, true]);
      }
      expect(await waits(store, charge('e'))).toEqual([0]);
    });

    test('a limit of nothing admits nothing', async (store) => {
      expect(await waits(store, charge('a', { allow: 0 }))).toEqual([10 * SECOND]);
    });

    test('keys do not share anything', async (store) => {
      await store.charge([charge('a', { allow: 1 })]);
      expect(await waits(store, charge('a', { allow: 1, key: 'shadow:acme/limit/questions/user=bob' }))).toEqual([0]);
      expect(await waits(store, charge('b', { allow: 1, key: 'acme/limit/questions/user=eve' }))).toEqual([0]);
    });

    test('reported amounts count once per id, may overshoot, and leave with the window', async (store, harness) => {
      const tokens = (id: string): Charge => charge(id, { kind: 'sum', key: 'acme/limit/tokens', allow: 1_000_000 });
      const amount = {
        key: 'acme/limit/tokens',
        id: 'a',
        amount: 900_000,
        perMs: 10 * SECOND,
        window: 'sliding',
      } as const;
      await store.report([amount]);
      await store.report([amount]);
      expect(await waits(store, tokens('x'), tokens('y'))).toEqual([0, 0]);
      await harness.advance(2 * SECOND);
      await store.report([{ ...amount, id: 'b', amount: 5_000_000 }]);
      const [wait] = await waits(store, tokens('z'));
      expect(wait! > 9 * SECOND && wait! <= 10 * SECOND).toEqual(true);
      await harness.advance(wait!);
      expect(await waits(store, tokens('z'))).toEqual([0]);
    });

    test('a hold is kept until it is released, and a lost holder until it expires', async (store, harness) => {
      const hold = (id: string): Charge => charge(id, { kind: 'hold', key: 'acme/limit/at once', allow: 1 });
      expect(await waits(store, hold('a'))).toEqual([0]);
      const [refused] = await store.charge([hold('b')]);
      expect([refused?.exceeded, refused?.retryAfterMs]).toEqual([true, SECOND]);
      await store.release([{ key: hold('a').key, id: 'nobody' }]);
      expect((await store.charge([hold('b')]))[0]?.exceeded).toEqual(true);
      await store.release([{ key: hold('a').key, id: 'a' }]);
      await store.release([{ key: hold('a').key, id: 'a' }]);
      expect(await waits(store, hold('b'))).toEqual([0]);
      await harness.advance(10 * SECOND);
      expect(await waits(store, hold('c'))).toEqual([0]);
    });
  });

  describe(`${name}: strikes`, () => {
    test('three strikes are three, and start a cooldown', async (store) => {
      const answers = [];
      for (const id of ['a', 'b', 'c']) answers.push((await store.strike([strike(id)]))[0]);
      expect(answers).toEqual([
        { fresh: true, points: 1, level: 0, retryAfterMs: 0 },
        { fresh: true, points: 2, level: 0, retryAfterMs: 0 },
        { fresh: true, points: 0, level: 1, retryAfterMs: 2 * SECOND },
      ]);
    });

    test('S2: 300 strikes at once, each sent twice from two handles, count 300', async (first, harness) => {
      const second = await harness.open();
      const ladder: LadderTerms = { after: { strikes: 1000, withinMs: 60 * SECOND }, forMs: SECOND };
      const sent = Array.from({ length: 300 }, (_, i) =>
        [first, second].map(async (store) => store.strike([strike(`e${i}`, { ladder })])),
      );
      await Promise.all(sent.flat());
      expect((await first.strike([strike('e0', { ladder })]))[0]?.points).toEqual(300);
    });

    test('S2: an event that was counted is not counted again for another offence', async (store) => {
      await store.strike([strike('a')]);
      expect((await store.strike([strike('a', { offences: [{ key: 'another', points: 2 }] })]))[0]).toEqual({
        fresh: false,
        points: 1,
        level: 0,
        retryAfterMs: 0,
      });
    });

    test('S2: an offence that was seen counts no more, a new one beside it does', async (store) => {
      const seen = { key: 'seen', points: 2 };
      expect((await store.strike([strike('a', { offences: [seen] })]))[0]?.points).toEqual(2);
      expect((await store.strike([strike('b', { offences: [seen] })]))[0]).toEqual({
        fresh: false,
        points: 2,
        level: 0,
        retryAfterMs: 0,
      });
      expect(await cooldown(store, strike('c', { offences: [seen, { key: 'new', points: 1 }] }))).toEqual(2 * SECOND);
    });

    test('strikes leave the window one by one', async (store, harness) => {
      await store.strike([strike('a')]);
      await harness.advance(6 * SECOND);
      await store.strike([strike('b')]);
      await harness.advance(4 * SECOND);
      expect((await store.strike([strike('c')]))[0]?.points).toEqual(2);
    });

    test('each cooldown is longer, up to the longest, and peace is rewarded', async (store, harness) => {
      const enough = (id: string): LadderStrike => strike(id, { offences: [{ key: `o${id}`, points: 3 }] });
      const lengths = [];
      for (const id of ['a', 'b', 'c', 'd']) {
        const ms = await cooldown(store, enough(id));
        lengths.push(ms);
        await harness.advance(ms);
      }
      expect(lengths).toEqual([2, 6, 10, 10].map((s) => s * SECOND));
      await harness.advance(30 * SECOND);
      expect(await cooldown(store, enough('e'))).toEqual(2 * SECOND);
    });

    test('one call strikes several ladders, each by its own key', async (store) => {
      const other = strike('a', { key: 'acme/ladder/other', offences: [{ key: 'o', points: 9 }] });
      const answers = await store.strike([strike('a'), other]);
      expect(answers.map(({ points, level }) => [points, level])).toEqual([
        [1, 0],
        [0, 1],
      ]);
    });
  });

  describe(`${name}: controls`, () => {
    test('a control is listed until it is lifted, and both are in the history', async (store) => {
      const set = await store.control(halt('h1', { tenant: 'acme' }));
      expect((await store.sync()).controls).toEqual([set?.control]);
      const lift = { op: 'lift', id: 'l1', kind: 'halt', scope: { tenant: 'acme' }, who: 'eve', why: 'over' } as const;
      const lifted = await store.control(lift);
      expect([lifted?.control.id, lifted?.who, lifted?.why]).toEqual(['h1', 'eve', 'over']);
      expect((await store.sync()).controls).toEqual([]);
      expect(await store.control({ ...lift, id: 'l2' })).toEqual(undefined);
      expect((await store.history(10)).map(({ op, who }) => [op, who])).toEqual([
        ['lift', 'eve'],
        ['set', 'ops'],
      ]);
    });

    test('a scope has one halt and one mode, and other scopes are not touched', async (store) => {
      const mode = (id: string, value: 'off' | 'shadow', scope: Control['scope']): ControlRequest => ({
        op: 'set',
        control: { id, kind: 'mode', mode: value, scope, who: 'ops', why: 'test' },
      });
      await store.control(mode('m1', 'off', { tenant: 'acme' }));
      await store.control(mode('m2', 'shadow', { tenant: 'acme' }));
      await store.control(mode('m3', 'off', { tenant: 'acme', tool: 'refund' }));
      await store.control(halt('h1', { tenant: 'acme' }));
      const ids = (await store.sync()).controls?.map(({ id }) => id);
      expect(ids?.toSorted()).toEqual(['h1', 'm2', 'm3']);
    });

    test('a repeated request answers as the first did and changes nothing', async (store) => {
      const first = await store.control(halt('h1', {}));
      const { epoch } = await store.sync();
      expect(await store.control(halt('h1', {}))).toEqual(first);
      expect((await store.sync()).epoch).toEqual(epoch);
      expect((await store.history(10)).length).toEqual(1);
    });

    test('a request repeated after its control was lifted does not set it again', async (store) => {
      const first = await store.control(halt('h1', {}));
      await store.control({ op: 'lift', id: 'l1', kind: 'halt', scope: {}, who: 'ops', why: 'over' });
      expect(await store.control(halt('h1', {}))).toEqual(first);
      expect((await store.sync()).controls).toEqual([]);
    });

    test('a control with an expiry ends by itself', async (store, harness) => {
      await store.control(halt('h1', {}, 2 * SECOND));
      await harness.advance(1 * SECOND);
      expect((await store.sync()).controls?.length).toEqual(1);
      await harness.advance(1 * SECOND);
      expect((await store.sync()).controls).toEqual([]);
    });

    test('a control is restored to a store that lost it, but not over a later change', async (store) => {
      const control: Control = { id: 'h1', kind: 'halt', scope: { tool: 'refund' }, who: 'ops', why: 'drill', at: 1 };
      expect((await store.control({ op: 'restore', control }))?.control).toEqual(control);
      expect((await store.sync()).controls).toEqual([control]);
      await store.control({ op: 'lift', id: 'l1', kind: 'halt', scope: control.scope, who: 'ops', why: 'over' });
      await store.control({ op: 'restore', control });
      expect(await store.control({ op: 'restore', control: { ...control, id: 'h0' } })).toEqual(undefined);
      expect((await store.sync()).controls).toEqual([]);
    });
  });

  describe(`${name}: changes`, () => {
    test('a mark gets what came after it and nothing else', async (store) => {
      const enough = (id: string, key: string): LadderStrike => strike(id, { key, offences: [{ key: id, points: 3 }] });
      await store.strike([enough('a', 'acme/ladder/abuse/user=a')]);
      const before = await store.sync();
      expect([before.full, before.cooldowns.length]).toEqual([true, 1]);
      expect((await store.sync(before)).cooldowns).toEqual([]);
      await store.strike([enough('b', 'acme/ladder/abuse/user=b')]);
      const after = await store.sync(before);
      expect([after.full, after.controls, after.cooldowns.map(({ key }) => key)]).toEqual([
        false,
        undefined,
        ['acme/ladder/abuse/user=b'],
      ]);
      await store.control(halt('h1', {}));
      expect((await store.sync(after)).controls?.length).toEqual(1);
    });

    test('an unknown mark gets everything', async (store) => {
      await store.control(halt('h1', {}));
      const known = await store.sync();
      for (const mark of [
        { ...known, incarnation: 'another' },
        { ...known, epoch: known.epoch + 5 },
      ]) {
        const answer = await store.sync(mark);
        expect([answer.full, answer.controls?.length]).toEqual([true, 1]);
      }
    });

    test('an ended cooldown is no longer listed', async (store, harness) => {
      await store.strike([strike('a', { offences: [{ key: 'o', points: 3 }] })]);
      await harness.advance(2 * SECOND);
      expect((await store.sync()).cooldowns).toEqual([]);
    });

    test('changes are pushed to every handle, in order, without a gap', async (first, harness) => {
      const second = await harness.open();
      const seen: Push[] = [];
      let listening = !second.shared;
      const stop = second.subscribe((push) => {
        if (push.kind === 'connected') listening = true;
        else if (push.kind !== 'lost') seen.push(push);
      });
      await waitUntil(() => listening);
      const set = await first.control(halt('h1', { tenant: 'acme' }));
      await first.strike([strike('a', { offences: [{ key: 'o', points: 3 }] })]);
      await waitUntil(() => seen.length === 2);
      stop();
      const [control, cooled] = seen;
      expect(control?.kind === 'control' && control.change).toEqual(set);
      expect(cooled?.kind === 'cooldown' && cooled.key).toEqual('acme/ladder/abuse/user=bob');
      expect(cooled?.kind === 'cooldown' && control?.kind === 'control' && cooled.epoch - control.change.epoch).toEqual(
        1,
      );
    });
  });
}

async function waitUntil(condition: () => boolean): Promise<void> {
  for (let i = 0; i < 200 && !condition(); i++) await new Promise((resolve) => setTimeout(resolve, 5));
}
