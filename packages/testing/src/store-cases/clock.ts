import type { Charge, Store } from '@flyball/core/store';
import type { StoreHarness, StoreSuite } from '../store-harness.ts';
import { charge, SECOND, strike } from './samples.ts';

const HOUR = 3600 * SECOND;

/** The clock of a server is set back. What was counted before lies in the future then. */
export function clockCases({ test, expect }: StoreSuite): void {
  const step = (sentence: string, body: (store: Store, harness: StoreHarness) => Promise<void>): void =>
    test(sentence, async (store, harness) => {
      // The clock of a process never goes back.
      if (store.shared) await body(store, harness);
    });
  const sum = (id: string, more: Partial<Charge>): Charge => charge(id, { key: 'acme/limit/sum', allow: 100, ...more });

  step('S1, S3: admits nothing more for it, and nobody waits longer than a window', async (store, harness) => {
    for (const id of ['a', 'b']) await store.charge([charge(id)]);
    await harness.advance(-3 * HOUR);
    const [refused] = await store.charge([charge('c')]);
    expect([refused?.exceeded, refused!.retryAfterMs <= 10 * SECOND]).toEqual([true, true]);
    await harness.advance(refused!.retryAfterMs - 1);
    expect((await store.charge([charge('c')]))[0]?.exceeded).toEqual(true);
    await harness.advance(1);
    expect((await store.charge([charge('c')]))[0]?.fresh).toEqual(true);
  });

  step('S1, S3: the same for what was reported and reserved', async (store, harness) => {
    await store.charge([sum('a', { kind: 'reserve', amount: 60, attempt: 'one' })]);
    await store.report([{ key: 'acme/limit/sum', id: 'b', amount: 40, perMs: 10 * SECOND, window: 'sliding' }]);
    await harness.advance(-3 * HOUR);
    const [refused] = await store.charge([sum('c', { kind: 'reserve', amount: 60, attempt: 'two' })]);
    expect([refused?.exceeded, refused!.retryAfterMs <= 10 * SECOND]).toEqual([true, true]);
    await harness.advance(refused!.retryAfterMs);
    const [granted] = await store.charge([sum('c', { kind: 'reserve', amount: 60, attempt: 'two' })]);
    expect(granted?.fresh).toEqual(true);
  });

  step('S2, S3: strikes of before count with those after it, for as long as a window', async (store, harness) => {
    await store.strike([strike('a')]);
    await harness.advance(-3 * HOUR);
    expect((await store.strike([strike('b')]))[0]?.points).toEqual(2);
    await harness.advance(11 * SECOND);
    expect((await store.strike([strike('c')]))[0]?.points).toEqual(1);
  });
}
