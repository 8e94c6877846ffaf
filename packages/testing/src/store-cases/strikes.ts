import type { LadderStrike, LadderTerms, Store } from '@flyball/core/store';
import type { StoreSuite } from '../store-harness.ts';
import { SECOND, strike, TERMS } from './samples.ts';

export function strikeCases({ test, expect }: StoreSuite): void {
  const cooldown = async (store: Store, one: LadderStrike): Promise<number> =>
    (await store.strike([one]))[0]!.retryAfterMs;

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

  test('a ladder that has become gentler does not shorten a cooldown under way', async (store) => {
    const flat = (id: string, seconds: number): LadderStrike =>
      strike(id, {
        offences: [{ key: `o${id}`, points: 3 }],
        ladder: { after: TERMS.after, forMs: seconds * SECOND },
      });
    expect(await cooldown(store, flat('a', 20))).toEqual(20 * SECOND);
    const left = await cooldown(store, flat('b', 2));
    expect(left > 18 * SECOND && left <= 20 * SECOND).toEqual(true);
  });

  test('an event counts again from the moment it is forgotten', async (store, harness) => {
    const one = strike('a', { rememberMs: 2 * SECOND });
    await store.strike([one]);
    expect((await store.strike([one]))[0]?.fresh).toEqual(false);
    await harness.advance(2 * SECOND);
    expect((await store.strike([one]))[0]).toEqual({ fresh: true, points: 2, level: 0, retryAfterMs: 0 });
  });

  test('one call strikes several ladders, each by its own key', async (store) => {
    const other = strike('a', { key: 'acme/ladder/other', offences: [{ key: 'o', points: 9 }] });
    const answers = await store.strike([strike('a'), other]);
    expect(answers.map(({ points, level }) => [points, level])).toEqual([
      [1, 0],
      [0, 1],
    ]);
  });
}
