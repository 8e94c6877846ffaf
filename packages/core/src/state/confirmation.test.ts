import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { GovernedEvent } from '../contract/event.ts';
import type { Store } from '../store/store.ts';
import { createMemoryStore } from '../store/memory-store.ts';
import { createState } from './state.ts';

const event: GovernedEvent = {
  id: 'e1',
  interactionId: 'i1',
  stage: 'output',
  point: 'model',
  subject: { tenant: 'acme' },
  resource: {},
  attributes: {},
  labels: [],
  content: [],
};

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('S5: what the store answers is confirmed as of the question, not of the answer: what changed on its way is not in it', async () => {
  const memory = createMemoryStore();
  let slowMs = 0;
  const store: Store = {
    ...memory,
    name: 'far',
    shared: true,
    sync: async (since) => {
      const answer = memory.sync(since);
      if (slowMs > 0) await new Promise((resolve) => setTimeout(resolve, slowMs));
      return answer;
    },
  };
  const state = createState({ store, staleAfterMs: 5000, pollMs: 1000, backgroundTimeoutMs: 5000 });
  await vi.advanceTimersByTimeAsync(1500);
  expect(state.controlsFor(event).errors).toEqual([]);

  // The next question, at 2 s, is answered at 6 s. At 8 s that answer is 6 s old, though it came 2 s ago.
  slowMs = 4000;
  await vi.advanceTimersByTimeAsync(6500);
  expect(state.controlsFor(event).errors).toEqual([{ part: 'store', id: 'controls', code: 'STALE' }]);
  await state.close();
});
