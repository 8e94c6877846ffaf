import type { Store, SyncAnswer } from '@flyball/core/store';
import type { StoreHarness, StoreSuite } from '../store-harness.ts';
import { admitted, charge, halt, lift, SECOND, strike } from './samples.ts';

/**
 * A store that comes back older than it was: from a snapshot, or as a replica that missed the last writes. Processes
 * know more than it does, and must find out.
 */
export function rollbackCases({ test, expect }: StoreSuite): void {
  const rollback = (
    sentence: string,
    body: (store: Store, harness: StoreHarness, snapshot: NonNullable<StoreHarness['snapshot']>) => Promise<void>,
  ): void =>
    test(sentence, async (store, harness) => {
      // Data that no other process sees is gone with its process, and cannot come back.
      if (harness.snapshot === undefined) expect(store.shared).toEqual(false);
      else await body(store, harness, () => harness.snapshot!());
    });
  const ids = ({ controls }: SyncAnswer): readonly string[] | undefined => controls?.map(({ id }) => id).toSorted();

  rollback(
    'S5: a cursor beyond its last change gets everything, under a new incarnation',
    async (store, _, snapshot) => {
      await store.control(halt('h1', { tenant: 'a' }));
      const restore = await snapshot();
      await store.control(halt('h2', { tenant: 'b' }));
      await store.control(halt('h3', { tenant: 'c' }));
      const known = await store.sync();
      await restore();
      const answer = await store.sync(known);
      expect([answer.full, ids(answer), answer.incarnation === known.incarnation]).toEqual([true, ['h1'], false]);
    },
  );

  rollback(
    'S5: once one process has found out, the others do, however little they knew',
    async (store, harness, snapshot) => {
      const other = await harness.open();
      await store.control(halt('h1', { tenant: 'a' }));
      const little = await other.sync();
      const restore = await snapshot();
      await store.control(halt('h2', { tenant: 'b' }));
      const much = await store.sync();
      await restore();
      await store.sync(much);
      // Changes after it use the lost numbers again.
      await store.control(halt('h3', { tenant: 'c' }));
      for (const cursor of [little, much]) {
        const answer = await other.sync(cursor);
        expect([answer.full, ids(answer), answer.incarnation === cursor.incarnation]).toEqual([
          true,
          ['h1', 'h3'],
          false,
        ]);
      }
      const next = await other.sync();
      expect((await store.sync(next)).full).toEqual(false);
    },
  );

  rollback(
    'S5: a control whose write was lost can be restored, and one whose lift was lost be lifted',
    async (store, _, snapshot) => {
      await store.control(halt('lifted', { tenant: 'a' }));
      const restore = await snapshot();
      const lost = await store.control(halt('lost', { tenant: 'b' }));
      await store.control(lift('l1', { tenant: 'a' }));
      await restore();
      expect(ids(await store.sync())).toEqual(['lifted']);
      expect((await store.control({ op: 'restore', control: lost!.control }))?.control).toEqual(lost!.control);
      expect((await store.control(lift('l2', { tenant: 'a' }, 'lifted')))?.control.id).toEqual('lifted');
      expect(ids(await store.sync())).toEqual(['lost']);
    },
  );

  rollback(
    'S1: what was admitted is what it remembers: a lost charge is admitted again, once',
    async (store, _, snapshot) => {
      await store.charge([charge('a')]);
      const restore = await snapshot();
      await store.charge([charge('b')]);
      await restore();
      expect(admitted(await store.charge([charge('b')]))).toEqual([{ exceeded: false, retryAfterMs: 0, fresh: true }]);
      expect((await store.charge([charge('c')]))[0]?.exceeded).toEqual(true);
    },
  );

  rollback('S2: a lost strike that is sent again counts once', async (store, _, snapshot) => {
    await store.strike([strike('a')]);
    const restore = await snapshot();
    await store.strike([strike('b')]);
    await restore();
    expect((await store.strike([strike('b')]))[0]?.points).toEqual(2);
    expect((await store.strike([strike('b')]))[0]).toEqual({ fresh: false, points: 2, level: 0, retryAfterMs: 0 });
  });

  rollback('labels whose addition was lost are added again', async (store, _, snapshot) => {
    const labels = (...add: string[]) =>
      store.labels({ key: 'acme/labels/session/session=s1', add, rememberMs: 10 * SECOND });
    await labels('a');
    const restore = await snapshot();
    await labels('b');
    await restore();
    expect(await labels()).toEqual(['a']);
    expect(await labels('b')).toEqual(['a', 'b']);
  });
}
