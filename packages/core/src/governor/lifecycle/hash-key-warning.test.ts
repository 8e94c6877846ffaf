import { expect, it } from 'vitest';
import { createGovernor } from '../../governor.ts';
import { createMemoryStore } from '../../store/memory-store.ts';
import type { Store } from '../../store/store.ts';

const detectors = [{ id: 'codename', phrases: ['Project Nightjar'] }];
const stop = { id: 'stop', detect: 'codename', then: 'block', reason: 'P_CODENAME' } as const;
const ladder = { id: 'abuse', after: { strikes: 3, within: '10m' }, for: '1m' } as const;

/** A store that other processes have, too. */
const shared = (more: Partial<Store> = {}): Store => ({ ...createMemoryStore(), shared: true, ...more });

async function warningOf(parts: object, options: { store?: Store; hashKey?: string } = { store: shared() }) {
  const governor = await createGovernor({ policy: { policy: 'p', version: 1, ...parts }, ...options });
  const { warning } = governor.status().store;
  await governor.close();
  return warning;
}

const REMEMBERED = { detectors, rules: [{ ...stop, on: 'input' }] };

it.each([
  ['what was stopped is withheld later', REMEMBERED],
  ['a text strikes once', { detectors, cooldowns: [ladder], rules: [{ ...stop, on: 'output', strike: { abuse: 1 } }] }],
  ['repeated answers are counted', { limits: [{ id: 'same', on: 'output', unit: 'repeats', allow: 3, per: '1h' }] }],
])('a shared store without `hashKey` is warned of, where %s', async (_what, parts) => {
  expect(await warningOf(parts)).toMatch(/^no `hashKey` was given, .*give all of them the same$/);
  expect(await warningOf(parts, { store: shared(), hashKey: 'a secret of all' })).toBeUndefined();
  expect(await warningOf(parts, { store: createMemoryStore() })).toBeUndefined();
  expect(await warningOf(parts, {})).toBeUndefined();
});

it.each([
  ['only limits are shared', { limits: [{ id: 'l', allow: 5, per: '1h' }] }],
  ['answers are stopped, and nothing of them is kept', { detectors, rules: [{ ...stop, on: 'output' }] }],
  ['the history stops again', { ...REMEMBERED, history: 'block' }],
  [
    'a rule strikes without looking at text',
    { cooldowns: [ladder], rules: [{ id: 'r', on: 'input', strike: { abuse: 1 } }] },
  ],
])('and is not where %s', async (_what, parts) => {
  expect(await warningOf(parts)).toBeUndefined();
});

it('stands behind what the store says itself', async () => {
  const store = shared({ warning: () => 'the server may forget halts' });
  expect(await warningOf(REMEMBERED, { store })).toMatch(/^the server may forget halts\. no `hashKey`/);
});
