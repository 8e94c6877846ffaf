import { describe, expect, it } from 'vitest';
import type { Store } from '@flyball/core/store';
import { describeStore } from '@flyball/testing/store-suite';
import { createStore } from '../src/postgres-store.ts';
import { dropSchema, freshSchema, sharedPostgres, snapshotTables } from './databases.ts';

const url = await sharedPostgres();

describe.skipIf(url === undefined)('on the Postgres at DATABASE_URL (skipped when none answers)', () => {
  describeStore(
    'postgres store',
    () => {
      const schema = freshSchema();
      let time = 1_795_300_000_000;
      const opened: Store[] = [];
      return {
        async open() {
          const store = createStore({ url: url!, schema, deadlineMs: 10_000, backgroundTimeoutMs: 10_000 }, () => time);
          opened.push(store);
          await store.sync();
          return store;
        },
        advance: (ms) => void (time += ms),
        snapshot: () => snapshotTables(url!, schema),
        async close() {
          for (const store of opened) await store.close();
          await dropSchema(url!, schema);
        },
      };
    },
    { describe, it, expect },
  );
});
