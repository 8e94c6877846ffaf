import { afterEach, expect, test } from 'vitest';
import type { Interaction } from '../governor/api.ts';
import { ambientInteraction, setAmbientInteraction } from './ambient.ts';

const SHARED = globalThis as { [name: symbol]: unknown };
const PROVIDER = Symbol.for('@flyball/core.ambient');
const before = SHARED[PROVIDER];

afterEach(() => {
  SHARED[PROVIDER] = before;
});

test('without an HTTP adapter there is no surrounding request', () => {
  delete SHARED[PROVIDER];
  expect(ambientInteraction()).toBeUndefined();
});

test('the adapter that registered last says which request is running, also to another copy of this package', () => {
  const interactions = [{ id: 'one' }, { id: 'two' }] as unknown as readonly Interaction[];
  for (const one of interactions) setAmbientInteraction(() => one);
  expect(ambientInteraction()).toBe(interactions[1]);
  expect((SHARED[PROVIDER] as typeof ambientInteraction)()).toBe(interactions[1]);
});
