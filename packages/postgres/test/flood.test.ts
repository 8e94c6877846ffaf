import { describe, expect, it } from 'vitest';
import type { ControlTerms, LadderStrike } from '@flyball/core/store';
import { createStore } from '../src/postgres-store.ts';
import { dropSchema, freshSchema, sharedPostgres } from './databases.ts';

const url = await sharedPostgres();

/** The quickest of some: a busy machine has quick moments too. */
async function leastMs(call: () => Promise<unknown>): Promise<number> {
  let least = Infinity;
  for (let i = 0; i < 20; i++) {
    const from = performance.now();
    await call();
    least = Math.min(least, performance.now() - from);
  }
  return least;
}

describe.skipIf(url === undefined)('on the Postgres at DATABASE_URL (skipped when none answers)', () => {
  it(
    'S5: ten thousand controls and a thousand cooldowns make the re-read that each process does each second no dearer',
    { timeout: 120_000 },
    async () => {
      const schema = freshSchema();
      const store = createStore({ url: url!, schema, deadlineMs: 30_000, backgroundTimeoutMs: 30_000 });
      try {
        let known = await store.sync();
        const again = async (): Promise<unknown> => (known = await store.sync(known));
        const before = await leastMs(again);
        for (let i = 0; i < 10; i++) {
          const many = Array.from({ length: 1000 }, (_, j): ControlTerms => {
            const id = `${i} ${j}`;
            return { id, kind: 'halt', scope: { tenant: id }, who: 'ops', why: 'drill' };
          });
          await store.setAll(many);
        }
        for (let i = 0; i < 10; i++) {
          const many = Array.from({ length: 100 }, (_, j): LadderStrike => {
            const key = `acme/ladder/x/user=${i} ${j}`;
            const ladder = { after: { strikes: 1, withinMs: 3_600_000 }, forMs: 3_600_000 };
            return { key, id: 'a', offences: [{ key: 'o', points: 1 }], rememberMs: 3_600_000, ladder };
          });
          await store.strike(many);
        }
        known = await store.sync();
        expect([known.controls?.length, known.cooldowns.length]).toEqual([10_000, 1000]);
        expect(await leastMs(again)).toBeLessThan(10 * before + 10);
      } finally {
        await store.close();
        await dropSchema(url!, schema);
      }
    },
  );
});
