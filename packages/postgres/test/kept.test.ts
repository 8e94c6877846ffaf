import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Charge, LadderStrike, Store } from '@flyball/core/store';
import { sweep } from '../src/changes.ts';
import { createStore } from '../src/postgres-store.ts';
import { dropSchema, freshSchema, sharedPostgres, withClient } from './databases.ts';

const url = await sharedPostgres();
const SECOND = 1000;
const DAY = 86_400 * SECOND;
const TABLES = ['state', 'ids', 'cooling', 'controls', 'processes'] as const;

// A row that goes too soon is a cooldown that ends too soon; one that never goes is room that nobody gets back.
describe.skipIf(url === undefined)('what the Postgres store keeps (skipped when none answers)', () => {
  let schema: string;
  let store: Store;
  let time: number;
  beforeEach(async () => {
    schema = freshSchema();
    time = 1_795_300_000_000;
    store = createStore({ url: url!, schema, deadlineMs: 10_000, backgroundTimeoutMs: 10_000 }, () => time);
    await store.sync();
  });
  afterEach(async () => {
    await store.close();
    await dropSchema(url!, schema);
  });

  const sweepAt = (ms: number): Promise<void> =>
    withClient(url!, async (client) => {
      const query = async (text: string, values?: readonly unknown[]) =>
        (await client.query<{ [name: string]: string | null }>(text, [...(values ?? [])])).rows;
      await sweep(query, schema, time + ms);
    });
  /** How many rows each table has. */
  const rows = (): Promise<readonly number[]> =>
    withClient(url!, async (client) => {
      const counts: number[] = [];
      for (const table of TABLES) {
        const { rows: found } = await client.query<{ n: string }>(`select count(*)::text as n from ${schema}.${table}`);
        counts.push(Number(found[0]!.n));
      }
      return counts;
    });
  const halt = (id: string, tenant: string, forMs?: number) =>
    store.control({
      op: 'set',
      control: { id, kind: 'halt', scope: { tenant }, who: 'ops', why: 'drill' },
      ...(forMs !== undefined && { forMs }),
    });

  it('goes once its time has come, each in its own, and nothing before', async () => {
    const terms = { perMs: 10 * SECOND, window: 'sliding' } as const;
    const count: Charge = { ...terms, key: 'acme/limit/q', id: 'a', kind: 'count', allow: 1 };
    const sum: Charge = { ...terms, key: 'acme/limit/t', id: 'a', kind: 'reserve', allow: 9, amount: 1, attempt: 'x' };
    await store.charge([count, sum]);
    const strike: LadderStrike = {
      ...{ key: 'acme/ladder/x', id: 'a', offences: [{ key: 'o', points: 1 }], rememberMs: 50 * SECOND },
      ladder: { after: { strikes: 1, withinMs: 10 * SECOND }, forMs: 15 * SECOND },
    };
    await store.strike([strike]);
    await store.labels({ key: 'acme/labels/s', add: ['a'], rememberMs: 30 * SECOND });
    await halt('brief', 'acme', 5 * SECOND);
    await halt('lifted', 'globex');
    await store.control({ op: 'lift', id: 'l1', kind: 'halt', scope: { tenant: 'globex' }, who: 'ops', why: 'over' });
    await halt('stands', 'initech');
    await store.sync(undefined, 'a process');

    // Four subjects' rows, one id, one cooldown, three controls, one process; and what is gone at each moment.
    for (const [ms, left] of [
      [10 * SECOND - 1, [4, 1, 1, 3, 1]],
      [10 * SECOND, [3, 1, 1, 3, 1]],
      [15 * SECOND, [3, 1, 0, 3, 1]],
      [20 * SECOND, [2, 0, 0, 3, 1]],
      [30 * SECOND, [1, 0, 0, 3, 1]],
      [30 * SECOND + 1, [1, 0, 0, 3, 0]],
      [50 * SECOND, [0, 0, 0, 3, 0]],
      [DAY - 1, [0, 0, 0, 3, 0]],
      [DAY, [0, 0, 0, 2, 0]],
      [DAY + 5 * SECOND, [0, 0, 0, 1, 0]],
      [1000 * DAY, [0, 0, 0, 1, 0]],
    ] as const) {
      await sweepAt(ms);
      expect([ms, await rows()]).toEqual([ms, left]);
    }
    time += 1000 * DAY;
    expect((await store.sync()).controls?.map(({ id }) => id)).toEqual(['stands']);
  });

  it('S5: the sequence of changes has no gap, whatever is refused, repeated or given up in between', async () => {
    const cooled = (user: string): LadderStrike => ({
      ...{ key: `acme/ladder/x/user=${user}`, id: 'a', offences: [{ key: 'o', points: 1 }], rememberMs: SECOND },
      ladder: { after: { strikes: 1, withinMs: SECOND }, forMs: 100 * SECOND },
    });
    await Promise.all(
      Array.from({ length: 30 }, async (_, i) => {
        await halt(`h${i}`, `t${i % 7}`);
        await halt(`h${i}`, `t${i % 7}`);
        await store.control({ op: 'lift', id: `l${i}`, kind: 'halt', scope: { user: 'nobody' }, who: 'o', why: 'x' });
        await store.strike([cooled(`u${i}`)]);
        // Somebody takes a number and gives up.
        await withClient(url!, async (client) => {
          await client.query('begin');
          await client.query(`update ${schema}.meta set epoch = epoch + 1`);
          await client.query('rollback');
        });
      }),
    );
    const { epoch } = await store.sync();
    const numbers = await withClient(url!, async (client) => {
      const { rows: found } = await client.query<{ epoch: string }>(
        `select epoch::text from ${schema}.history union all select epoch::text from ${schema}.cooling`,
      );
      return found.map((row) => Number(row.epoch)).toSorted((a, b) => a - b);
    });
    expect(epoch).toBe(60);
    expect(numbers).toEqual(Array.from({ length: 60 }, (_, i) => i + 1));
  });
});
