import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createGovernor, type Governor, type PolicyDocument } from '@flyball/core';
import { Redis } from 'ioredis';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createRedisStore, type RedisStoreOptions } from '../src/index.ts';
import { BINARY, freePort, SOON, withServers } from './servers.ts';

// What people do to a Redis: each time the declared failure, in time, a sentence that says what to do, and afterwards
// the state as it was.

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
const until = (condition: () => boolean | Promise<boolean>): Promise<void> =>
  vi.waitFor(async () => expect(await condition()).toBe(true), SOON);

const opened: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
});

async function open(options: RedisStoreOptions, connected = true): Promise<Governor> {
  const store = createRedisStore({ deadlineMs: DEADLINE_MS, ...options });
  const governor = await createGovernor({ policy: POLICY, store, hashKey: 'k' });
  opened.push(governor);
  if (connected) await until(() => governor.status().store.connected);
  return governor;
}

async function ask(governor: Governor, user: string): Promise<string> {
  const event = governor.interaction({ tenant: 'acme', user }).event({ stage: 'input', content: 'hi' });
  const from = performance.now();
  const { reason } = await governor.decide(event);
  expect(performance.now() - from).toBeLessThan(LATE_MS);
  return reason;
}

let users = 0;
const someone = (): string => `user ${users++}`;

/** The last error as `status()` tells it, once it is of the code. */
async function told(governor: Governor, code: string): Promise<string> {
  await until(async () => {
    await governor.control.list().catch(() => undefined);
    return governor.status().store.lastError?.code === code;
  });
  return governor.status().store.lastError!.message;
}

describe.skipIf(BINARY === undefined)('an operator and a Redis (skipped when there is no Redis 7 to start)', () => {
  it('S5: a server that may forget halts when its memory is full is warned of, and no other', TIMEOUT, async () => {
    await withServers(async (start) => {
      const server = await start('--maxmemory-policy', 'allkeys-lru', '--maxmemory', '500mb');
      const governor = await open({ url: server.url });
      const warning = (): string | undefined => governor.status().store.warning;
      await until(() => warning() !== undefined);
      expect(warning()).toMatch(/`maxmemory-policy` is `allkeys-lru`: .*set `noeviction`/);
      // Asked again on the next connection, or when somebody looks later on.
      const set = async (name: string, value: string): Promise<void> => {
        await server.command('CONFIG', 'SET', name, value);
        await server.command('CLIENT', 'KILL', 'TYPE', 'normal');
      };
      await set('maxmemory', '0');
      await until(() => warning() === undefined);
      await set('maxmemory', '500mb');
      await until(() => warning() !== undefined);
      await set('maxmemory-policy', 'volatile-lru');
      await until(() => warning() === undefined);
      await until(async () => (await ask(governor, someone())) === 'NO_RULE_OBJECTED');
    });
  });

  it('S6: paused (`CLIENT PAUSE`): what fails meanwhile is counted once at most', TIMEOUT, async () => {
    await withServers(async (start) => {
      const server = await start();
      const [governor, other] = [await open({ url: server.url }), await open({ url: server.url })];
      expect(await ask(governor, 'bob')).toBe('NO_RULE_OBJECTED');
      // Nobody can end it either: it ends by itself.
      await server.command('CLIENT', 'PAUSE', String(4 * DEADLINE_MS), 'ALL');
      expect(await ask(governor, 'bob')).toBe('FAILED_CLOSED');
      expect(await told(governor, 'STORE_TIMEOUT')).toMatch(/did not answer within \d+ ms/);
      await until(() => !governor.status().store.connected);
      for (const one of [governor, other]) await until(async () => (await ask(one, someone())) === 'NO_RULE_OBJECTED');
      const reasons = [await ask(governor, 'bob'), await ask(other, 'bob'), await ask(governor, 'bob')];
      expect(reasons.filter((reason) => reason === 'NO_RULE_OBJECTED').length).toBeGreaterThanOrEqual(1);
      expect(reasons.at(-1)).toBe('LIMIT_EXCEEDED');
    });
  });

  it('S6: kept busy by a script that does not end: says so, and goes on when it is killed', TIMEOUT, async () => {
    await withServers(async (start) => {
      const server = await start('--busy-reply-threshold', '50');
      const governor = await open({ url: server.url });
      expect(await ask(governor, 'bob')).toBe('NO_RULE_OBJECTED');
      const [slow, admin] = [new Redis(server.url), new Redis(server.url, { socketTimeout: 60_000 })];
      opened.push({ close: () => [slow, admin].forEach((client) => client.disconnect()) });
      await Promise.all([slow.ping(), admin.ping()]);
      const running = slow.eval('while true do end', 0).catch(() => undefined);
      expect(await told(governor, 'REDIS_NOT_READY')).toContain('running a script');
      expect(await ask(governor, 'bob')).toBe('FAILED_CLOSED');
      await admin.call('SCRIPT', 'KILL');
      await running;
      await until(async () => (await ask(governor, someone())) === 'NO_RULE_OBJECTED');
      for (const reason of ['NO_RULE_OBJECTED', 'NO_RULE_OBJECTED', 'LIMIT_EXCEEDED']) {
        expect(await ask(governor, 'bob')).toBe(reason);
      }
    });
  });

  it('scripts and functions flushed between two calls are loaded again, and no call fails', TIMEOUT, async () => {
    await withServers(async (start) => {
      const server = await start();
      const governor = await open({ url: server.url });
      for (const what of ['FUNCTION', 'SCRIPT', 'FUNCTION']) {
        await server.command(what, 'FLUSH');
        expect(await ask(governor, 'bob')).toBe('NO_RULE_OBJECTED');
      }
      expect(await ask(governor, 'bob')).toBe('LIMIT_EXCEEDED');
      expect(governor.status().store.lastError).toBeUndefined();
    });
  });

  it.each([['controls'], ['changed'], ['meta'], ['controls', 'changed', 'history', 'requests', 'forget', 'meta']])(
    'S5: halts that the server evicted are put back by a process that knew them (%s)',
    TIMEOUT,
    async (...evicted) => {
      await withServers(async (start) => {
        const server = await start();
        const governor = await open({ url: server.url });
        await governor.control.halt({ user: 'mallory' }, OPERATOR);
        for (const name of evicted) await server.command('DEL', `flyball:{control}:${name}`);
        await governor.control.list();
        // Asked of the lists, not of `mallory`: each answer that is no halt would count on her limit.
        await until(async () => {
          const late = await open({ url: server.url });
          return (await late.control.list()).some(({ scope }) => scope.user === 'mallory');
        });
        expect(await ask(await open({ url: server.url }), 'mallory')).toBe('HALTED');
        await governor.control.resume({ user: 'mallory' }, OPERATOR);
        expect(await ask(governor, 'mallory')).toBe('NO_RULE_OBJECTED');
        // Nothing is lost any more: the data keeps its incarnation.
        const incarnation = await server.command('HGET', 'flyball:{control}:meta', 'id');
        await governor.control.list();
        expect(await server.command('HGET', 'flyball:{control}:meta', 'id')).toBe(incarnation);
      });
    },
  );

  it('a wrong password, a wrong port and a wrong host are told apart', TIMEOUT, async () => {
    await withServers(async (start) => {
      const server = await start();
      await server.command('CONFIG', 'SET', 'requirepass', 'secret');
      const right = await open({ url: server.url.replace('//', '//:secret@') });
      expect(await ask(right, 'bob')).toBe('NO_RULE_OBJECTED');
      const wrong = await open({ url: server.url.replace('//', '//:wrong@') }, false);
      expect(await told(wrong, 'REDIS_REFUSED')).toContain('WRONGPASS');
      expect(await ask(wrong, 'bob')).toBe('FAILED_CLOSED');
      const none = await open({ url: server.url }, false);
      expect(await told(none, 'REDIS_REFUSED')).toContain('NOAUTH');
      const port = await open({ url: `redis://127.0.0.1:${await freePort()}` }, false);
      expect(await told(port, 'REDIS_GONE')).toContain('ECONNREFUSED');
      const host = await open({ url: 'redis://no-such-host.invalid:6379' }, false);
      expect(await told(host, 'REDIS_GONE')).toMatch(/ENOTFOUND|EAI_AGAIN/);
    });
  });
});

/** Makes a certificate of its own authority for one test. */
async function withCertificate(body: (files: { key: string; cert: string }) => Promise<void>): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'flyball-tls-'));
  const files = { key: join(dir, 'key.pem'), cert: join(dir, 'cert.pem') };
  try {
    const { status } = spawnSync('openssl', [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'],
      ...['-keyout', files.key, '-out', files.cert, '-subj', '/CN=localhost'],
      ...['-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'],
    ]);
    expect(status).toBe(0);
    await body(files);
  } finally {
    rmSync(dir, { recursive: true });
  }
}

const CAN_TLS = BINARY !== undefined && spawnSync('openssl', ['version']).status === 0;

describe.skipIf(!CAN_TLS)('TLS (skipped without Redis 7 or openssl)', () => {
  it(
    'the certificate of a private authority is trusted where it is given, and named where it is not',
    TIMEOUT,
    async () => {
      await withCertificate(async ({ key, cert }) => {
        await withServers(async (start) => {
          const port = await freePort();
          const tls = ['--tls-port', String(port), '--tls-cert-file', cert, '--tls-key-file', key];
          await start(...tls, '--tls-ca-cert-file', cert, '--tls-auth-clients', 'no');
          const client = new Redis(port, '127.0.0.1', { tls: { ca: readFileSync(cert) } });
          client.on('error', () => undefined);
          opened.push({ close: () => client.disconnect() });
          const right = await open({ client });
          expect(await ask(right, 'bob')).toBe('NO_RULE_OBJECTED');
          // Heard on the second connection, which is another one than the application's.
          await right.control.halt({ user: 'eve' }, OPERATOR);
          expect(await ask(right, 'eve')).toBe('HALTED');
          const unknown = await open({ url: `rediss://127.0.0.1:${port}` }, false);
          expect(await told(unknown, 'REDIS_GONE')).toMatch(/self[- ]signed certificate/i);
          expect(await ask(unknown, 'bob')).toBe('FAILED_CLOSED');
          const plain = await open({ url: `redis://127.0.0.1:${port}` }, false);
          await told(plain, 'REDIS_GONE');
        });
      });
    },
  );
});
