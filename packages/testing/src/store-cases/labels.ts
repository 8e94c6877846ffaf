import type { Store } from '@flyball/core/store';
import type { StoreSuite } from '../store-harness.ts';
import { SECOND } from './samples.ts';

const KEY = 'acme/labels/session/user=bob/session=s1';

export function labelCases({ test, expect }: StoreSuite): void {
  const add = async (store: Store, ...names: string[]): Promise<readonly string[]> =>
    store.labels({ key: KEY, add: names, rememberMs: 10 * SECOND });
  const codeOf = async (run: () => unknown): Promise<unknown> => {
    try {
      await run();
      return 'nothing thrown';
    } catch (error) {
      return (error as { code?: unknown }).code;
    }
  };

  test('names are added once each, and all of them are answered, sorted', async (store) => {
    expect(await add(store)).toEqual([]);
    expect(await add(store, 'untrusted', 'private')).toEqual(['private', 'untrusted']);
    expect(await add(store, 'untrusted', 'b', 'b')).toEqual(['b', 'private', 'untrusted']);
    expect(await add(store)).toEqual(['b', 'private', 'untrusted']);
  });

  test('names of any text stay apart and come back as they are', async (store) => {
    const names = ['', ' ', '"', 'a\nb', 'ä', '\ud800', '\udbff', '\u{1f600}', 'A', 'a'];
    const sorted = [...names].sort();
    expect(await add(store, ...names)).toEqual(sorted);
    expect(await add(store)).toEqual(sorted);
  });

  test('sessions share nothing', async (store) => {
    await add(store, 'untrusted');
    const key = 'acme/labels/session/user=bob/session=s2';
    expect(await store.labels({ key, add: [], rememberMs: SECOND })).toEqual([]);
    expect(await store.labels({ key: `shadow:${KEY}`, add: [], rememberMs: SECOND })).toEqual([]);
  });

  test('all are remembered for a while after something was last added, not after they were last read', async (store, harness) => {
    await add(store, 'a');
    await harness.advance(6 * SECOND);
    await add(store, 'b');
    await harness.advance(6 * SECOND);
    expect(await add(store)).toEqual(['a', 'b']);
    await harness.advance(4 * SECOND);
    expect(await add(store)).toEqual([]);
  });

  test('a name that is added again is remembered for longer, and never for a shorter while', async (store, harness) => {
    await add(store, 'a');
    await harness.advance(6 * SECOND);
    await store.labels({ key: KEY, add: ['a'], rememberMs: SECOND });
    await harness.advance(3 * SECOND);
    expect(await add(store)).toEqual(['a']);
    await add(store, 'a');
    await harness.advance(9 * SECOND);
    expect(await add(store)).toEqual(['a']);
  });

  test('of many additions at once, from several handles, none is lost', async (first, harness) => {
    const second = await harness.open();
    const names = Array.from({ length: 200 }, (_, i) => `n${String(i).padStart(3, '0')}`);
    await Promise.all(names.map(async (name, i) => add(i % 2 === 0 ? first : second, name)));
    expect(await add(second)).toEqual(names);
  });

  test('more than 256 are refused whole, and what was there stays', async (store) => {
    const names = Array.from({ length: 255 }, (_, i) => `n${String(i).padStart(3, '0')}`);
    await add(store, ...names);
    expect(await codeOf(() => add(store, 'x', 'y'))).toEqual('STORE_FULL');
    expect(await add(store)).toEqual(names);
    expect((await add(store, 'x', 'n000')).length).toEqual(256);
    expect(await codeOf(() => add(store, 'y'))).toEqual('STORE_FULL');
  });
}
