import type { Store } from '@flyball/core/store';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { createStore } from '../src/redis-store.ts';
import { freshPrefix, removeKeys } from './servers.ts';

/** What a test of the keys behind a store works with; the store is made anew for each test. */
export interface LookedInto {
  store: Store;
  /** Reads what the store has written. */
  client: Redis;
  prefix: string;
  /** The store's clock, in milliseconds since the epoch. */
  time: number;
}

/** Call it where tests are described: it makes and removes all of it around them. */
export function lookedInto(url: string | undefined): LookedInto {
  const prefixes: string[] = [];
  const on = { prefix: '', time: 0 } as LookedInto;
  beforeAll(async () => {
    on.client = new Redis(url!, { socketTimeout: 30_000 });
    await on.client.ping();
  });
  beforeEach(() => {
    on.prefix = freshPrefix();
    prefixes.push(on.prefix);
    on.time = 1_795_300_000_000;
    const { client, prefix } = on;
    on.store = createStore({ client, prefix, deadlineMs: 5000, backgroundTimeoutMs: 5000 }, () => on.time);
  });
  afterAll(async () => {
    on.client.disconnect();
    for (const used of prefixes) await removeKeys(url!, used);
  });
  return on;
}
