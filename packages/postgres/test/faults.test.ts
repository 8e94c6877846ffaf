import { createGovernor, type Governor, type PolicyDocument } from '@flyball/core';
import type { Push, Store } from '@flyball/core/store';
import { describe, expect, it } from 'vitest';
import { createPostgresStore } from '../src/index.ts';
import { dropSchema, freshSchema, sharedPostgres, snapshotTables, withClient } from './databases.ts';
import { proxyTo, type Proxy } from './proxy.ts';

const url = await sharedPostgres();

const policy: PolicyDocument = {
  policy: 'p',
  version: 1,
  limits: [{ id: 'questions', unit: 'events', allow: 3, per: '1h' }],
};

interface Stage {
  readonly proxy: Proxy;
  readonly schema: string;
  /** A governor behind the proxy, and one that is not. */
  readonly governor: Governor;
  readonly other: Governor;
}

async function staged(body: (stage: Stage) => Promise<void>): Promise<void> {
  const schema = freshSchema();
  const proxy = await proxyTo(url!);
  const open = async (through: string): Promise<Governor> => {
    const governor = await createGovernor({
      policy,
      store: createPostgresStore({ url: through, schema, deadlineMs: DEADLINE_MS }),
      hashKey: 'k',
    });
    await until(() => governor.status().store.connected);
    return governor;
  };
  const other = await open(url!);
  const governor = await open(proxy.url);
  try {
    await body({ proxy, schema, governor, other });
  } finally {
    await governor.close();
    await other.close();
    await proxy.close();
    await dropSchema(url!, schema);
  }
}

async function until(condition: () => boolean | Promise<boolean>, ms = 20_000): Promise<void> {
  const end = performance.now() + ms;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`not within ${ms} ms`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

let users = 0;
const someone = (): string => `user ${users++}`;
async function ask(governor: Governor, user: string): Promise<string> {
  const event = governor.interaction({ tenant: 'acme', user }).event({ stage: 'input', content: 'hi' });
  return (await governor.decide(event)).reason;
}

/**
 * Some hundred times what a decision takes; and ten times that is what a failure may take, for the machine may be busy.
 */
const DEADLINE_MS = 1500;
const LATE_MS = 10 * DEADLINE_MS;

describe.skipIf(url === undefined)('when Postgres fails (skipped when none answers)', () => {
  it('S5: a halt in one process is in force in another, and lifted there', async () => {
    await staged(async ({ governor, other }) => {
      const user = someone();
      await other.control.halt({ user }, { who: 'ops', why: 'drill' });
      await until(async () => (await ask(governor, user)) === 'HALTED');
      await other.control.resume({ user }, { who: 'ops', why: 'over' });
      await until(async () => (await ask(governor, user)) !== 'HALTED');
    });
  });

  it('S6: killed: the declared failure at once, what stands goes on standing, and afterwards all is as before', async () => {
    await staged(async ({ governor, other, proxy }) => {
      const [user, halted] = [someone(), someone()];
      await governor.control.halt({ user: halted }, { who: 'ops', why: 'drill' });
      expect(await ask(governor, user)).toBe('NO_RULE_OBJECTED');
      await proxy.cut();
      const from = performance.now();
      expect(await ask(governor, user)).toBe('FAILED_CLOSED');
      expect(performance.now() - from).toBeLessThan(LATE_MS);
      expect(await ask(governor, halted)).toBe('HALTED');
      await until(() => !governor.status().store.connected);
      expect(governor.status().store.lastError?.code).toBe('POSTGRES_GONE');
      await proxy.open();
      await until(() => governor.status().store.connected);
      // What was charged before counts; what failed meanwhile was never admitted.
      for (const reason of ['NO_RULE_OBJECTED', 'NO_RULE_OBJECTED', 'LIMIT_EXCEEDED']) {
        expect(await ask(governor, user)).toBe(reason);
      }
      expect(await ask(other, user)).toBe('LIMIT_EXCEEDED');
      expect(await ask(other, halted)).toBe('HALTED');
    });
  });

  it('S5: listens again after attempts that failed, and says what it lost', async () => {
    const schema = freshSchema();
    const proxy = await proxyTo(url!);
    const heard: Push[] = [];
    const open = (through: string): Store => createPostgresStore({ url: through, schema });
    const [far, near] = [open(proxy.url), open(url!)];
    const stop = far.subscribe((push) => heard.push(push));
    const kinds = (): readonly string[] => heard.map(({ kind }) => kind);
    try {
      await until(() => kinds().includes('connected'));
      await proxy.cut();
      // Attempts come after 50, 100 and 200 ms.
      await until(() => kinds().filter((kind) => kind === 'lost').length > 2);
      expect(heard.filter(({ kind }) => kind === 'lost').map((push) => (push as { cause: unknown }).cause)).toEqual(
        kinds().flatMap((kind) => (kind === 'lost' ? [expect.objectContaining({ code: 'POSTGRES_GONE' })] : [])),
      );
      await proxy.open();
      await until(() => kinds().filter((kind) => kind === 'connected').length === 2);
      await near.control({ op: 'set', control: { id: 'h', kind: 'halt', scope: {}, who: 'ops', why: 'drill' } });
      await until(() => kinds().includes('control'));
    } finally {
      stop();
      await Promise.all([far.close(), near.close()]);
      await proxy.close();
      await dropSchema(url!, schema);
    }
  });

  it('S6: black-holed: the declared failure within the deadline, and the dead connections are given up', async () => {
    await staged(async ({ governor, other, proxy }) => {
      const user = someone();
      expect(await ask(governor, user)).toBe('NO_RULE_OBJECTED');
      proxy.block();
      const from = performance.now();
      expect(await ask(governor, user)).toBe('FAILED_CLOSED');
      expect(performance.now() - from).toBeLessThan(LATE_MS);
      expect(governor.status().store.timeouts).toBeGreaterThan(0);
      await until(() => !governor.status().store.connected);
      const halted = someone();
      await other.control.halt({ user: halted }, { who: 'ops', why: 'drill' });
      // Without a confirmed epoch for five seconds everything fails as declared, halted or not.
      await until(async () => (await ask(governor, someone())) === 'FAILED_CLOSED');
      await proxy.cut();
      await proxy.open();
      await until(() => governor.status().store.connected);
      await until(async () => (await ask(governor, halted)) === 'HALTED');
    });
  });

  it('a locked subject fails alone, and holds up nobody else', async () => {
    await staged(async ({ governor, schema }) => {
      const [locked, free] = [someone(), someone()];
      expect(await ask(governor, locked)).toBe('NO_RULE_OBJECTED');
      await withClient(url!, async (client) => {
        await client.query('begin');
        await client.query(`lock table ${schema}.state in row exclusive mode`);
        await client.query(`update ${schema}.state set data = data`);
        const hammering = Promise.all(Array.from({ length: 40 }, async () => ask(governor, locked)));
        await new Promise((resolve) => setTimeout(resolve, 50));
        expect(await ask(governor, free)).toBe('NO_RULE_OBJECTED');
        // This process goes on counting for itself.
        expect((await hammering).every((reason) => reason === 'FAILED_CLOSED' || reason === 'LIMIT_EXCEEDED')).toBe(
          true,
        );
        await client.query('rollback');
      });
    });
  });

  it('S6: slowed to a round trip of 20 ms decisions are made; of 600 ms they fail as declared, in time', async () => {
    await staged(async ({ governor, proxy }) => {
      // A decision is some four round trips: a twentieth of the deadline, so that a busy machine has room for the rest.
      proxy.delay(10);
      const user = someone();
      await until(async () => (await ask(governor, someone())) === 'NO_RULE_OBJECTED');
      expect(await ask(governor, user)).toBe('NO_RULE_OBJECTED');
      // Four round trips are more than the deadline.
      proxy.delay(300);
      await new Promise((resolve) => setTimeout(resolve, 200));
      const from = performance.now();
      expect(await ask(governor, user)).toBe('FAILED_CLOSED');
      expect(performance.now() - from).toBeLessThan(LATE_MS);
      expect(governor.status().store.lastError?.code).toBe('STORE_TIMEOUT');
    });
  });

  it('S5: restored from an older copy: what was lost is put back by a process that knew it', async () => {
    await staged(async ({ governor, other, schema }) => {
      const [before, after] = [someone(), someone()];
      await governor.control.halt({ user: before }, { who: 'ops', why: 'drill' });
      const restore = await snapshotTables(url!, schema);
      await governor.control.halt({ user: after }, { who: 'ops', why: 'drill' });
      await governor.control.resume({ user: before }, { who: 'ops', why: 'over' });
      await until(async () => (await ask(other, after)) === 'HALTED');
      await restore();
      // Put back by whoever finds out first, and the other hears of it.
      const standing = async (one: Governor) => (await one.control.list()).map(({ scope }) => scope.user).join();
      for (const one of [governor, other]) await until(async () => (await standing(one)) === after);
      for (const one of [governor, other]) {
        expect(await ask(one, after)).toBe('HALTED');
        expect(await ask(one, before)).not.toBe('HALTED');
      }
    });
  });
});

describe.skipIf(url === undefined)('set up wrongly (skipped when none answers)', () => {
  const failing = async (store: ReturnType<typeof createPostgresStore>): Promise<unknown> => {
    try {
      await store.sync();
      return 'it works';
    } catch (error) {
      return (error as { code: string }).code;
    } finally {
      await store.close();
    }
  };

  it('says what is wrong', async () => {
    const none = new URL(url!);
    none.pathname = '/no_such_database';
    expect(await failing(createPostgresStore({ url: none.href }))).toBe('POSTGRES_REFUSED');
    expect(await failing(createPostgresStore({ url: url!, schema: freshSchema(), migrate: false }))).toBe(
      'POSTGRES_TABLES',
    );
    expect(await failing(createPostgresStore({ url: 'postgres://127.0.0.1:1/x' }))).toBe('POSTGRES_GONE');
    for (const wrong of [
      {},
      { url: url!, pool: {} },
      { pool: {} },
      { url: url!, schema: 'Robert"; drop' },
      { url: url!, deadlineMs: 0 },
      { url: url!, deadlineMS: 5 },
      { url: url!, shema: 'mine' },
    ]) {
      expect(() => createPostgresStore(wrong as never)).toThrow(expect.objectContaining({ code: 'POSTGRES_OPTIONS' }));
    }
  });
});
