import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, vi } from 'vitest';
import { createGovernor, type Governor } from '@flyball/core';
import { createState } from '../../core/src/state/state.ts';
import { createRedisStore } from '../src/index.ts';
import type { Task } from './child.ts';
import { BINARY, freshPrefix, removeKeys, sharedRedis, SOON, withServers } from './servers.ts';

const OLGA = { who: 'olga', why: 'drill' };
const BOB = { tenant: 'acme', user: 'bob' };
const policy = {
  policy: 'p',
  version: 1,
  deadline: '5s',
  detectors: [{ id: 'codename', phrases: ['Nightjar'] }],
  rules: [{ id: 'probing', on: 'input', detect: 'codename', then: 'cooldown', reason: 'P_PROBING', ladder: 'abuse' }],
  cooldowns: [{ id: 'abuse', after: { strikes: 2, within: '10m' }, for: '10m' }],
  limits: [{ id: 'questions', on: 'input', unit: 'events', allow: 2, per: '1h' }],
} as const;

const url = await sharedRedis();

async function say(governor: Governor, content: string): Promise<string> {
  const event = governor.interaction(BOB).event({ stage: 'input', content });
  return (await governor.decide(event)).reason;
}

describe.skipIf(url === undefined)(
  "an operator's hand, over Redis (skipped when none answers)",
  { timeout: 90_000 },
  () => {
    it('what one process lifts and resets, another lets pass, also where it knew of a wait', async () => {
      const prefix = freshPrefix();
      const open = (): Promise<Governor> =>
        createGovernor({ policy, store: createRedisStore({ url: url!, prefix, deadlineMs: 5000 }), hashKey: 'shared' });
      const [here, there] = [await open(), await open()] as const;
      try {
        await say(here, 'Nightjar');
        await vi.waitFor(async () => expect(await there.control.cooling()).toHaveLength(1), SOON);
        expect(await say(there, 'hello')).toBe('COOLDOWN_ACTIVE');
        expect(await there.control.cooling()).toMatchObject([
          { ladder: 'abuse', scope: BOB, cause: { by: 'rules', rules: ['probing'] } },
        ]);
        await here.control.lift(BOB, OLGA);
        expect(await say(here, 'hello')).toBe('NO_RULE_OBJECTED');
        await vi.waitFor(async () => expect(await say(there, 'hello')).toBe('LIMIT_EXCEEDED'), SOON);
        expect((await here.control.subject(BOB)).limits).toMatchObject([{ limit: 'questions', remaining: 0 }]);
        await here.control.reset(BOB, OLGA);
        await vi.waitFor(async () => expect(await say(there, 'hello')).toBe('NO_RULE_OBJECTED'), SOON);
      } finally {
        await Promise.all([here.close(), there.close()]);
        await removeKeys(url!, prefix);
      }
    });

    it('S5: a halt says in how many processes it is in force, and waits for the others', async () => {
      const prefix = freshPrefix();
      const child = fork(fileURLToPath(new URL('child.ts', import.meta.url)), {
        execArgv: ['--conditions=@flyball/source', '--no-warnings'],
      });
      const governor = await createGovernor({
        policy,
        store: createRedisStore({ url: url!, prefix, deadlineMs: 5000 }),
      });
      try {
        const alone = await governor.control.halt({ tenant: 'a' }, { ...OLGA, waitFor: 'all' });
        expect(alone.inForce).toEqual({ processes: 1, of: 1 });
        await new Promise((resolve) => {
          child.once('message', resolve);
          child.send({ op: 'open', url: url!, prefix } satisfies Task);
        });
        const both = await governor.control.halt({ tenant: 'b' }, { ...OLGA, waitFor: 'all', waitMs: 10_000 });
        expect(both.inForce).toEqual({ processes: 2, of: 2 });
        // One that is stopped is still there, and does not have it.
        child.kill('SIGSTOP');
        const one = await governor.control.halt({ tenant: 'c' }, { ...OLGA, waitFor: 'all', waitMs: 300 });
        expect(one.inForce).toEqual({ processes: 1, of: 2 });
        const most = await governor.control.halt({ tenant: 'd' }, { ...OLGA, waitFor: 'majority', waitMs: 300 });
        expect(most.inForce).toEqual({ processes: 1, of: 2 });
        child.kill('SIGCONT');
        const again = await governor.control.halt({ tenant: 'e' }, { ...OLGA, waitFor: 'majority', waitMs: 10_000 });
        expect(again.inForce).toEqual({ processes: 2, of: 2 });
      } finally {
        child.kill('SIGKILL');
        await governor.close();
        await removeKeys(url!, prefix);
      }
    });

    it('a process that was closed is not waited for', async () => {
      const prefix = freshPrefix();
      const open = () => createState({ store: createRedisStore({ url: url!, prefix, deadlineMs: 5000 }) });
      const [one, other] = [open(), open()];
      try {
        await Promise.all([one.ready(), other.ready()]);
        expect((await one.control.halt({}, { ...OLGA, waitFor: 'all', waitMs: 10_000 })).inForce).toEqual({
          ...{ processes: 2, of: 2 },
        });
        await other.close();
        expect((await one.control.halt({}, { ...OLGA, waitFor: 'all' })).inForce).toEqual({ processes: 1, of: 1 });
      } finally {
        await Promise.all([one.close(), other.close()]);
        await removeKeys(url!, prefix);
      }
    });
  },
);

describe.skipIf(BINARY === undefined)('and while it is gone (skipped when there is no Redis 7 to start)', () => {
  it('is refused with what is wrong, and changes nothing', { timeout: 90_000 }, async () => {
    await withServers(async (start) => {
      const server = await start();
      const governor = await createGovernor({ policy, store: createRedisStore({ url: server.url, deadlineMs: 5000 }) });
      try {
        await say(governor, 'Nightjar');
        await server.kill();
        for (const call of [
          () => governor.control.lift(BOB, OLGA),
          () => governor.control.forgive(BOB, OLGA),
          () => governor.control.reset(BOB, OLGA),
          () => governor.control.putOn(BOB, { ...OLGA, ladder: 'abuse' }),
          () => governor.control.cooling(),
          () => governor.control.subject(BOB),
        ]) {
          await expect(call()).rejects.toMatchObject({ code: 'REDIS_GONE' });
        }
        expect(await say(governor, 'hello')).toBe('COOLDOWN_ACTIVE');
      } finally {
        await governor.close();
      }
    });
  });
});
