import type { LadderStrike } from '@flyball/core/store';
import type { StoreSuite } from '../store-harness.ts';
import { halt, listen, SECOND, strike, waitUntil } from './samples.ts';

export function changeCases({ test, expect }: StoreSuite): void {
  test('a cursor gets what came after it and nothing else', async (store) => {
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
    expect((await store.sync(after)).changes?.length).toEqual(1);
  });

  test('an unknown cursor gets everything', async (store) => {
    await store.control(halt('h1', {}));
    const known = await store.sync();
    for (const cursor of [
      { ...known, incarnation: 'another' },
      { ...known, epoch: known.epoch + 5 },
    ]) {
      const answer = await store.sync(cursor);
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
    const { seen, stop } = await listen(second);
    const set = await first.control(halt('h1', { tenant: 'acme' }));
    await first.strike([strike('a', { offences: [{ key: 'o', points: 3 }] })]);
    await waitUntil(() => seen.length === 2);
    stop();
    const [control, cooled] = seen;
    expect(control?.kind === 'control' && control.change).toEqual(set);
    expect(cooled?.kind === 'cooldown' && cooled.key).toEqual('acme/ladder/abuse/user=bob');
    const ms = cooled?.kind === 'cooldown' ? cooled.retryAfterMs : 0;
    expect(ms > SECOND && ms <= 2 * SECOND).toEqual(true);
    expect(cooled?.kind === 'cooldown' && control?.kind === 'control' && cooled.epoch - control.change.epoch).toEqual(
      1,
    );
  });

  test('a listener that throws keeps no change from being made, and no other listener from being told', async (first, harness) => {
    const second = await harness.open();
    const stopThrowing = second.subscribe(() => {
      throw new Error('a listener broke');
    });
    const { seen, stop } = await listen(second);
    expect((await first.control(halt('h1', {})))?.control.id).toEqual('h1');
    await waitUntil(() => seen.length === 1);
    stop();
    stopThrowing();
    expect(seen.length).toEqual(1);
  });
}
