import { createGovernor, type Governor, type PolicyDocument } from '@flyball/core';
import { describe, expect, it } from 'vitest';
import type { Push } from '@flyball/core/store';
import { createPostgresStore, postgresTables, type PostgresStoreOptions } from '../src/index.ts';
import { dropSchema, freshSchema, sharedPostgres, withClient } from './databases.ts';

// What people do to a Postgres: each time the declared failure, in time, a sentence that says what to do, and
// afterwards everything as before.

const url = await sharedPostgres();

const POLICY: PolicyDocument = {
  policy: 'p',
  version: 1,
  limits: [{ id: 'questions', unit: 'events', allow: 3, per: '1h' }],
};
const OPERATOR = { who: 'ops', why: 'drill' };
const TIMEOUT = { timeout: 90_000 };
const DEADLINE_MS = 1500;
/** The machine may be busy. */
const LATE_MS = 10 * DEADLINE_MS;

async function until(condition: () => boolean | Promise<boolean>, ms = 30_000): Promise<void> {
  const end = performance.now() + ms;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`not within ${ms} ms`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

type Open = (options?: Partial<PostgresStoreOptions>, connected?: boolean) => Promise<Governor>;

async function staged(body: (open: Open, schema: string) => Promise<void>): Promise<void> {
  const schema = freshSchema();
  const opened: Governor[] = [];
  try {
    await body(async (options = {}, connected = true) => {
      const store = createPostgresStore({ url: url!, schema, deadlineMs: DEADLINE_MS, ...options });
      const governor = await createGovernor({ policy: POLICY, store, hashKey: 'k' });
      opened.push(governor);
      if (connected) await until(() => governor.status().store.connected);
      return governor;
    }, schema);
  } finally {
    for (const governor of opened) await governor.close();
    await dropSchema(url!, schema);
  }
}

let users = 0;
const someone = (): string => `user ${users++}`;

async function ask(governor: Governor, user: string): Promise<string> {
  const event = governor.interaction({ tenant: 'acme', user }).event({ stage: 'input', content: 'hi' });
  const from = performance.now();
  const { reason } = await governor.decide(event);
  expect(performance.now() - from).toBeLessThan(LATE_MS);
  return reason;
}

/** The last error as `status()` tells it, once it is of the code. */
async function told(governor: Governor, code: string): Promise<string> {
  await until(async () => {
    await governor.control.list().catch(() => undefined);
    await ask(governor, someone());
    return governor.status().store.lastError?.code === code;
  });
  return governor.status().store.lastError!.message;
}

describe.skipIf(url === undefined)('an operator and a Postgres (skipped when none answers)', () => {
  const TABLES = ['state', 'ids', 'cooling', 'controls', 'history', 'meta', 'processes'] as const;
  const all = (schema: string): string => TABLES.map((table) => `${schema}.${table}`).join();

  it.each([
    ...TABLES.flatMap((table) => [['drop', table] as const, ['truncate', table] as const]),
    ['drop', 'everything'] as const,
    ['truncate', 'everything'] as const,
  ])(
    'S5: %s (%s): mended by the next call, and halts are put back by a process that knew them',
    TIMEOUT,
    async (how, what) => {
      await staged(async (open, schema) => {
        const governor = await open();
        const user = someone();
        expect(await ask(governor, user)).toBe('NO_RULE_OBJECTED');
        await governor.control.halt({ user: 'mallory' }, OPERATOR);
        await withClient(url!, (client) =>
          client.query(
            how === 'drop' && what === 'everything'
              ? `drop schema ${schema} cascade`
              : `${how} table ${what === 'everything' ? all(schema) : `${schema}.${what}`}`,
          ),
        );
        await until(async () => (await ask(governor, someone())) === 'NO_RULE_OBJECTED');
        // Asked of the lists, not of `mallory`: each answer that is no halt would count on her limit.
        // Where several tables are made again while others read them, a list may fail once more.
        const other = await open();
        await until(async () =>
          (await other.control.list().catch(() => [])).some(({ scope }) => scope.user === 'mallory'),
        );
        expect(await ask(other, 'mallory')).toBe('HALTED');
        // Only a change asks for the history: the first one finds that it is gone.
        await until(async () =>
          governor.control.resume({ user: 'mallory' }, OPERATOR).then(
            () => true,
            (error: unknown) => {
              expect(error).toMatchObject({ code: 'POSTGRES_TABLES' });
              return false;
            },
          ),
        );
        // It may have noticed only now that a table was gone, with its next sign of life.
        await until(async () => (await ask(governor, someone())) === 'NO_RULE_OBJECTED');
        expect(await ask(governor, 'mallory')).toBe('NO_RULE_OBJECTED');
      });
    },
  );

  it.each(['meta', 'controls'] as const)(
    'S6: truncated (%s), for a user who may not mend it: the declared failure, and what to run',
    TIMEOUT,
    async (table) => {
      await staged(async (open, schema) => {
        await withClient(url!, (client) => client.query(postgresTables(schema)));
        const governor = await open({ migrate: false });
        await governor.control.halt({ user: 'mallory' }, OPERATOR);
        await withClient(url!, (client) => client.query(`truncate table ${schema}.${table}`));
        await expect(governor.control.list()).rejects.toMatchObject({ code: 'POSTGRES_TABLES' });
        await expect(governor.control.resume({ user: 'mallory' }, OPERATOR)).rejects.toMatchObject({
          code: 'POSTGRES_TABLES',
        });
        await expect(governor.control.setModes([{ user: 'eve' }], 'shadow', OPERATOR)).rejects.toMatchObject({
          code: 'POSTGRES_TABLES',
        });
        expect(await told(governor, 'POSTGRES_TABLES')).toContain(`\`${table}\``);
        expect(await ask(governor, 'mallory')).toBe('HALTED');
        await withClient(url!, (client) => client.query(postgresTables(schema)));
        await until(async () => (await ask(governor, someone())) === 'NO_RULE_OBJECTED');
        // Put back by whoever knew it.
        const other = await open({ migrate: false });
        await until(async () => (await other.control.list()).some(({ scope }) => scope.user === 'mallory'));
      });
    },
  );

  it('S5: whoever listens hears of a change in a sequence that began anew', TIMEOUT, async () => {
    const schema = freshSchema();
    const [one, other] = [0, 1].map(() => createPostgresStore({ url: url!, schema, backgroundTimeoutMs: 20_000 }));
    const heard: Push[] = [];
    try {
      await one!.sync();
      const stop = other!.subscribe((push) => void heard.push(push));
      await until(() => heard.some(({ kind }) => kind === 'connected'));
      const halt = (id: string) =>
        one!.control({ op: 'set', control: { id, kind: 'halt', scope: { user: id }, ...OPERATOR } });
      for (const id of ['a', 'b', 'c']) await halt(id);
      await until(() => heard.filter(({ kind }) => kind === 'control').length === 3);
      await withClient(url!, (client) => client.query(`truncate table ${all(schema)}`));
      await expect(one!.sync()).rejects.toMatchObject({ code: 'POSTGRES_TABLES' });
      heard.splice(0);
      expect(await halt('d')).toMatchObject({ epoch: 1 });
      await until(() => heard.length > 0);
      // The first change after it is found by reading everything, the next is pushed again.
      await halt('e');
      await until(() => heard.some((push) => push.kind === 'control' && push.change.control.id === 'e'));
      expect(heard.map(({ kind }) => kind)).toEqual(['connected', 'control']);
      stop();
    } finally {
      await one!.close();
      await other!.close();
      await dropSchema(url!, schema);
    }
  });

  it('S6: dropped, by a user who may not make them: says what to run', TIMEOUT, async () => {
    await staged(async (open, schema) => {
      await open();
      const governor = await open({ migrate: false });
      await withClient(url!, (client) => client.query(`drop schema ${schema} cascade`));
      expect(await told(governor, 'POSTGRES_TABLES')).toContain('postgresTables()');
      expect(await ask(governor, someone())).toBe('FAILED_CLOSED');
    });
  });

  it('S6: no connection is left: says so, and goes on when there is one', TIMEOUT, async () => {
    await staged(async (open, schema) => {
      await open();
      const role = `${schema}_few`;
      await withClient(url!, async (client) => {
        await client.query(`create role ${role} login connection limit 0`);
        await client.query(`grant usage on schema ${schema} to ${role}`);
        await client.query(`grant select, insert, update, delete on all tables in schema ${schema} to ${role}`);
      });
      try {
        const as = new URL(url!);
        as.username = role;
        const governor = await open({ url: as.href, migrate: false }, false);
        expect(await told(governor, 'POSTGRES_FULL')).toContain('too many connections');
        expect(await ask(governor, someone())).toBe('FAILED_CLOSED');
        await withClient(url!, (client) => client.query(`alter role ${role} connection limit 100`));
        await until(async () => (await ask(governor, someone())) === 'NO_RULE_OBJECTED');
        await governor.close();
      } finally {
        await withClient(url!, async (client) => {
          await client.query(`drop owned by ${role}`);
          await client.query(`drop role ${role}`);
        });
      }
    });
  });

  it(
    'S6: the table is locked by a long transaction: the declared failure in time, and then as before',
    TIMEOUT,
    async () => {
      await staged(async (open, schema) => {
        const governor = await open();
        const user = someone();
        expect(await ask(governor, user)).toBe('NO_RULE_OBJECTED');
        await withClient(url!, async (client) => {
          await client.query('begin');
          await client.query(`lock table ${schema}.state in access exclusive mode`);
          expect(await ask(governor, user)).toBe('FAILED_CLOSED');
          expect(await told(governor, 'STORE_TIMEOUT')).toMatch(/did not answer within \d+ ms/);
          // Halts lie elsewhere.
          await governor.control.halt({ user: 'mallory' }, OPERATOR);
          expect(await ask(governor, 'mallory')).toBe('HALTED');
          await client.query('rollback');
        });
        await until(async () => (await ask(governor, someone())) === 'NO_RULE_OBJECTED');
        // What failed may have been carried out there: then it counts, once.
        const reasons: string[] = [];
        for (let i = 0; i < 3; i++) reasons.push(await ask(governor, user));
        expect(reasons.filter((reason) => reason === 'NO_RULE_OBJECTED').length).toBeGreaterThanOrEqual(1);
        expect(reasons.at(-1)).toBe('LIMIT_EXCEEDED');
      });
    },
  );

  it(
    'the certificate of the server is asked for where the address says so, and named where there is none',
    TIMEOUT,
    async () => {
      await staged(async (open) => {
        const secure = new URL(url!);
        secure.searchParams.set('sslmode', 'verify-full');
        const governor = await open({ url: secure.href }, false);
        await until(async () => {
          await governor.control.list().catch(() => undefined);
          return governor.status().store.lastError !== undefined;
        });
        const { code, message } = governor.status().store.lastError!;
        expect(['POSTGRES_GONE', 'POSTGRES_ERROR']).toContain(code);
        expect(message).toMatch(/SSL|certificate/);
      });
    },
  );
});
