import { expect, it, vi } from 'vitest';
import { createGovernor } from '../../governor.ts';
import { createMemoryStore } from '../../store/memory-store.ts';
import { StoreError } from '../../store/store-error.ts';
import type { Store } from '../../store/store.ts';

const policy = { policy: 'p', version: 1, limits: [{ id: 'l', allow: 5, per: '1h' }] } as const;

/** A shared store that is so far away, and answers from the given question on. */
function distant(ms: number, from = 0): { readonly store: Store; closed: boolean } {
  const memory = createMemoryStore();
  let asked = 0;
  const link = { closed: false, store: memory };
  link.store = {
    ...memory,
    shared: true,
    deadlineMs: 20,
    async sync(since) {
      if (asked++ < from) throw new StoreError('STORE_REFUSED', 'a wrong password', { failure: 'UNAVAILABLE' });
      await new Promise((resolve) => setTimeout(resolve, ms));
      return memory.sync(since);
    },
    close: () => void (link.closed = true),
  };
  return link;
}

it("`require` rejects with the store's own error, and lets go of it", async () => {
  const link = distant(0, Infinity);
  await expect(createGovernor({ policy, store: link.store, ready: 'require' })).rejects.toMatchObject({
    code: 'STORE_REFUSED',
  });
  expect(link.closed).toBe(true);
  const governor = await createGovernor({ policy, store: distant(0).store, ready: 'require' });
  expect(governor.status().store.connected).toBe(true);
  await governor.close();
});

it('`wait` is there once the store answers, `try` before, deciding as declared', async () => {
  const waited = await createGovernor({ policy, store: distant(0, 2).store, ready: 'wait' });
  expect(waited.status().store.connected).toBe(true);
  await waited.close();
  const tried = await createGovernor({ policy, store: distant(0, Infinity).store });
  const event = tried.interaction({ tenant: 't' }).event({ stage: 'input' });
  expect((await tried.decide(event)).reason).toBe('FAILED_CLOSED');
  expect(tried.status().store.lastError?.code).toBe('STORE_REFUSED');
  await tried.close();
  await expect(createGovernor({ policy, ready: 'maybe' as never })).rejects.toMatchObject({ code: 'OPTIONS_INVALID' });
});

it('says so where the deadline is shorter than a round trip', async () => {
  const near = await createGovernor({ policy, store: distant(0).store });
  // The first question may have had to connect: the second one tells, soon after.
  await vi.waitFor(() => expect(near.status().store.roundTripMs).toBeLessThan(20), { timeout: 20_000, interval: 5 });
  expect(near.status().store.warning).toBeUndefined();
  await near.close();
  const far = await createGovernor({ policy, store: distant(40).store });
  const warned = { connected: true, warning: expect.stringContaining('raise its `deadlineMs`') };
  await vi.waitFor(() => expect(far.status().store).toMatchObject(warned), { timeout: 20_000, interval: 5 });
  expect(far.status().store.roundTripMs).toBeGreaterThanOrEqual(39);
  await far.close();
  const memory = await createGovernor({ policy });
  expect(memory.status().store).not.toHaveProperty('roundTripMs');
  await memory.close();
});

it.each([
  ['a sentence', () => 'the server may forget halts', 'the server may forget halts'],
  ['nothing', () => undefined, undefined],
  ['no sentence', () => 7 as never, undefined],
  [
    'something thrown',
    () => {
      throw new Error('broken');
    },
    undefined,
  ],
])('what a store says of its database is shown: %s', async (_what, warning, shown) => {
  const governor = await createGovernor({ policy, store: { ...createMemoryStore(), warning } });
  expect(governor.status().store.warning).toBe(shown);
  await governor.close();
});
