import type { Amount, ControlTerms, LadderStrike, LadderTerms } from '@flyball/core/store';
import type { StoreSuite } from '../store-harness.ts';
import { admitted, charge, halt, SECOND, strike } from './samples.ts';

const KEY = 'acme/limit/tokens/user=mallory';
const TERMS = { key: KEY, perMs: 120 * SECOND, window: 'sliding' } as const;

/** How long one look at the cost lasts at least, and how many there are: the quickest of them counts. */
const LOOK_MS = 4;
const LOOKS = 5;
/**
 * A call after a flood may cost so many times what it did before. Work that grows with the history is far beyond it, at
 * the quickest of moments too.
 */
const DEARER = 8;
/** Controls there are before there are many. */
const FEW = 20;
/** A busy machine is given so long to have a quick moment. */
const PATIENCE_MS = 10_000;

/** One subject sends as much as it can. It gets what its limits say, and nobody else notices. */
export function floodCases({ test, expect }: StoreSuite): void {
  /** Milliseconds of one call, of some in a row. */
  async function costOf(call: () => Promise<unknown>): Promise<number> {
    const from = performance.now();
    let calls = 0;
    for (; performance.now() < from + LOOK_MS || calls < 3; calls++) await call();
    return (performance.now() - from) / calls;
  }
  async function leastCostOf(call: () => Promise<unknown>): Promise<number> {
    let least = Infinity;
    for (let i = 0; i < LOOKS; i++) least = Math.min(least, await costOf(call));
    return least;
  }
  async function isNoDearer(call: () => Promise<unknown>, before: number): Promise<boolean> {
    const until = performance.now() + PATIENCE_MS;
    do if ((await costOf(call)) < DEARER * before) return true;
    while (performance.now() < until);
    return false;
  }

  test('S1: thousands of reports make no refusal dearer, and all of them count', async (store, harness) => {
    const report = async (...ids: string[]): Promise<void> =>
      store.report(ids.map((id): Amount => ({ ...TERMS, id, amount: 10 })));
    const refused = async (): Promise<unknown> =>
      store.charge([
        charge('asking', { ...TERMS, kind: 'sum', allow: 100 }),
        charge('asking', { ...TERMS, kind: 'reserve', allow: 100, amount: 10 }),
      ]);
    // Before, too, there is something in all parts of the window.
    for (let i = 0; i < 40; i++) {
      await report(`early ${i}`);
      await harness.advance(SECOND / 2);
    }
    const before = await leastCostOf(refused);
    for (let i = 0; i < 20; i++) {
      await report(...Array.from({ length: 1000 }, (_, j) => `late ${i} ${j}`));
      await harness.advance(SECOND);
    }
    expect(await isNoDearer(refused, before)).toEqual(true);
    const [look] = await store.look([{ of: 'limit', ...TERMS, kind: 'sum', allow: 1_000_000 }]);
    expect(look?.of === 'limit' && look.remaining).toEqual(1_000_000 - 10 * (40 + 20_000));
  });

  test('S1: refusals leave nothing: whoever is refused hundreds of times waits no longer, and each id is new', async (store, harness) => {
    for (const id of ['a', 'b']) await store.charge([charge(id)]);
    await harness.advance(4 * SECOND);
    for (let i = 0; i < 300; i += 50) {
      const answers = await Promise.all(Array.from({ length: 50 }, async (_, j) => store.charge([charge(`${i + j}`)])));
      expect(answers.every(([one]) => one!.exceeded && one!.retryAfterMs <= 6 * SECOND)).toEqual(true);
    }
    const [wait] = await store.charge([charge('last')]);
    await harness.advance(wait!.retryAfterMs);
    for (const id of ['last', '7']) {
      expect(admitted(await store.charge([charge(id)]))).toEqual([{ exceeded: false, retryAfterMs: 0, fresh: true }]);
    }
    expect((await store.charge([charge('8')]))[0]?.exceeded).toEqual(true);
  });

  test('S1: of hundreds of calls at once each is answered, and others have all their room meanwhile', async (first, harness) => {
    const second = await harness.open();
    const own = { key: 'acme/limit/questions/user=mallory', allow: 40 };
    const flood = Array.from({ length: 400 }, async (_, i) =>
      (i % 2 === 0 ? first : second).charge([charge(`flood ${i}`, own)]),
    );
    for (const key of ['acme/limit/questions/user=ada', 'globex/limit/questions/user=mallory']) {
      const answers = await Promise.all(['a', 'b', 'c'].map(async (id) => first.charge([charge(id, { key })])));
      expect(answers.filter(([one]) => one!.fresh).length).toEqual(2);
    }
    expect((await Promise.all(flood)).filter(([one]) => one!.fresh).length).toEqual(40);
  });

  test('S2: hundreds of strikes make none dearer, and cool nobody but who made them', async (store, harness) => {
    const ladder: LadderTerms = { after: { strikes: 1_000_000, withinMs: 120 * SECOND }, forMs: SECOND };
    let others = 0;
    let made = 0;
    const strikeOf = (user: string, id: string): LadderStrike =>
      strike(id, { key: `acme/ladder/abuse/user=${user}`, ladder });
    // Somebody else each time, with nothing behind him.
    const quiet = async (): Promise<unknown> => store.strike([strikeOf(`quiet ${others++}`, 'first')]);
    const more = async (count: number): Promise<unknown> =>
      store.strike(Array.from({ length: count }, () => strikeOf('mallory', `strike ${made++}`)));
    const before = await leastCostOf(quiet);
    for (let i = 0; i < 12; i++) await more(50);
    expect(await isNoDearer(async () => more(1), before)).toEqual(true);
    await harness.advance(SECOND);
    expect((await store.strike([strikeOf('mallory', 'last')]))[0]?.points).toEqual(made + 1);
    const [other] = await store.strike([strikeOf('ada', 'last')]);
    expect([other?.points, (await store.sync()).cooldowns]).toEqual([1, []]);
  });

  test('S5: thousands of controls and cooldowns make no halt dearer, nor what is read after it', async (store) => {
    let made = 0;
    let known = await store.sync();
    const change = async (): Promise<void> => {
      await store.control(halt(`h${made}`, { tenant: `t${made++ % FEW}` }));
      // Nobody has to read again what no other process changes.
      if (store.shared) known = await store.sync(known);
    };
    for (let i = 0; i < FEW; i++) await change();
    const before = await leastCostOf(change);
    for (let i = 0; i < 3; i++) {
      const many = Array.from({ length: 1000 }, (_, j): ControlTerms => {
        const id = `many ${i} ${j}`;
        return { id, kind: 'halt', scope: { tenant: id }, who: 'ops', why: 'drill' };
      });
      await store.setAll(many);
    }
    for (let i = 0; i < 500; i += 50) {
      const users = Array.from({ length: 50 }, (_, j) => `acme/ladder/abuse/user=u${i + j}`);
      await store.strike(users.map((key) => strike('cooled', { key, offences: [{ key: 'o', points: 3 }] })));
    }
    known = await store.sync();
    expect([known.full, known.controls?.length, known.cooldowns.length]).toEqual([true, FEW + 3000, 500]);
    expect(await isNoDearer(change, before)).toEqual(true);
    known = await store.sync(known);
    await store.control(halt('last', { tenant: 'last' }));
    const answer = await store.sync(known);
    expect([answer.full, answer.changes?.map(({ control }) => control.id), answer.cooldowns]).toEqual([
      false,
      ['last'],
      [],
    ]);
  });
}
