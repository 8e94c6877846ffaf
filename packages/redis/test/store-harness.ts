import type { Store } from '@flyball/core/store';
import type { StoreHarness } from '@flyball/testing/store-suite';
import type { RedisClient } from '../src/connection.ts';
import { createStore } from '../src/redis-store.ts';

export interface HarnessInit {
  readonly client: RedisClient;
  readonly deadlineMs: number;
  /** Keeps what lies under a prefix, and answers how to bring it back. */
  readonly snapshot: (prefix: string) => Promise<() => Promise<void>>;
  /** Resolves when a store may be used. */
  readonly ready?: (store: Store) => Promise<unknown>;
}

/** For the suite of stores: stores over one client, with data and a clock of their own for each case. */
export function harnesses(init: () => HarnessInit): () => StoreHarness {
  let cases = 0;
  return () => {
    const { client, deadlineMs, snapshot, ready = async (store: Store) => store.sync() } = init();
    const prefix = `run${cases++}:`;
    let time = 1_795_300_000_000;
    const opened: Store[] = [];
    return {
      async open() {
        const store = createStore({ client, prefix, deadlineMs, backgroundTimeoutMs: 5000 }, () => time);
        opened.push(store);
        await ready(store);
        return store;
      },
      advance: (ms) => void (time += ms),
      snapshot: () => snapshot(prefix),
      async close() {
        for (const store of opened) await store.close();
      },
    };
  };
}
