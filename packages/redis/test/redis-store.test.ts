import { describe, expect, it } from 'vitest';
import { describeStore } from '@flyball/testing/store-suite';
import type { Store } from '@flyball/core/store';
import { createStore } from '../src/redis-store.ts';
import { freshPrefix, removeKeys, sharedRedis, snapshotKeys } from './servers.ts';

const url = await sharedRedis();

describe.skipIf(url === undefined)('on the Redis at REDIS_URL (skipped when none answers)', () => {
  describeStore(
    'redis store',
    () => {
      const prefix = freshPrefix();
      let time = 1_795_300_000_000;
      const opened: Store[] = [];
      return {
        async open() {
          const store = createStore({ url: url!, prefix, deadlineMs: 1000 }, () => time);
          opened.push(store);
          await connected(store);
          return store;
        },
        advance: (ms) => void (time += ms),
        snapshot: () => snapshotKeys(url!, prefix),
        async close() {
          for (const store of opened) await store.close();
          await removeKeys(url!, prefix);
        },
      };
    },
    { describe, it, expect },
  );
});

async function connected(store: Store): Promise<void> {
  for (let i = 0; i < 200; i++) {
    try {
      await store.sync();
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
  throw new Error('the store did not connect');
}
