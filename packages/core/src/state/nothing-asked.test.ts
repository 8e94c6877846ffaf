import { describe, expect, test, vi } from 'vitest';
import type { GovernedEvent } from '../contract/event.ts';
import { createMemoryStore } from '../store/memory-store.ts';
import { createState, type State } from './state.ts';

// What concerns no limit, no ladder and no session asks the store nothing, and what is answered then nobody can change.

const EVENT = {
  ...{ id: 'e', interactionId: 'i', stage: 'input', point: 'model', subject: { tenant: 't', user: 'u' } },
  ...{ resource: {}, attributes: {}, labels: [], content: [] },
} as unknown as GovernedEvent;

const allFrozen = (value: unknown): boolean =>
  typeof value !== 'object' || value === null || (Object.isFrozen(value) && Object.values(value).every(allFrozen));

const CALLS: readonly (readonly [name: string, ask: (state: State) => unknown, answer: object])[] = [
  [
    'charge',
    (state) => state.charge({ limits: [], event: EVENT, shadow: false }),
    { answers: [], errors: [], held: [] },
  ],
  [
    'reserve',
    (state) => state.reserve({ limits: [], unit: 'x', amount: 1, id: 'r', event: EVENT, shadow: false }),
    { answers: [], errors: [], held: [] },
  ],
  [
    'strike',
    (state) => state.strike({ strikes: [], ladders: {}, event: EVENT, shadow: false }),
    { answers: [], errors: [] },
  ],
  [
    'labels',
    (state) => state.labelsFor({ event: EVENT, add: ['a'], rememberMs: 5, shadow: false }),
    { labels: [], errors: [] },
  ],
  ['controls', (state) => state.controlsFor(EVENT), { controls: [], errors: [] }],
];

describe('asks nothing', () => {
  test.each(CALLS)('%s', async (_, ask, answer) => {
    const store = createMemoryStore();
    const calls = ['charge', 'strike', 'labels', 'report'] as const;
    const spies = calls.map((name) => vi.spyOn(store, name));
    const state = createState({ store });
    const answered = ask(state);
    expect(answered).toEqual(answer);
    expect(allFrozen(answered)).toBe(true);
    expect(spies.map((spy) => spy.mock.calls.length)).toEqual([0, 0, 0, 0]);
    await state.close();
  });

  test('nor does a report of nothing, a release of nothing, or a settlement that stands for certain', async () => {
    const store = createMemoryStore();
    const spies = (['report', 'release'] as const).map((name) => vi.spyOn(store, name));
    const state = createState({ store });
    await state.report({ limits: [], unit: 'x', amount: 1, event: EVENT, shadow: false });
    await state.release([]);
    await state.settle(
      { amounts: [{ key: 't/limit/l', id: 'a', amount: 1, perMs: 1000, window: 'sliding' }], certain: true },
      true,
    );
    expect(spies.map((spy) => spy.mock.calls.length)).toEqual([0, 0]);
    await state.close();
  });
});

test('that a store has not answered yet is said in a fact that nobody can change', async () => {
  const store = { ...createMemoryStore(), shared: true, sync: () => new Promise<never>(() => undefined) };
  const state = createState({ store, backgroundTimeoutMs: 20 });
  const { controls, errors } = state.controlsFor(EVENT);
  expect({ controls, errors }).toEqual({ controls: [], errors: [{ part: 'store', id: 'controls', code: 'STALE' }] });
  expect(allFrozen(errors)).toBe(true);
  await state.close();
});
