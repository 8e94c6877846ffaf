import { describe, expect, it, vi } from 'vitest';
import { createGovernor, createMemorySink, type Governor } from '@flyball/core';
import { createRedisStore } from '../src/index.ts';
import { BINARY, SOON, withServers } from './servers.ts';

const OPERATOR = { who: 'ops', why: 'drill' };
const POLICY = `
policy: test
version: 1
detectors:
  - id: codename
    phrases: [Project Nightjar]
rules:
  - { id: probing, on: input, detect: codename, then: block, reason: P_PROBING, strike: { abuse: 1 } }
  - { id: no-codename-out, on: output, detect: codename, then: block, reason: P_CODENAME }
cooldowns:
  - { id: abuse, after: { strikes: 3, within: 10m }, for: 1m }
limits:
  - { id: questions, on: input, allow: 5, per: 1m }
  - { id: tokens, on: input, unit: output_tokens, allow: 100, per: 1m }
`;

/** Two governors on one server, as two processes would have them. */
async function withGovernors(
  body: (governors: readonly [Governor, Governor], server: { kill(): Promise<void> }) => Promise<void>,
): Promise<void> {
  await withServers(async (start) => {
    const server = await start();
    // A machine that is busy with other tests must not fail these by its deadline.
    const open = (): Promise<Governor> =>
      createGovernor({
        policy: { yaml: POLICY.replace('version: 1', 'version: 1\ndeadline: 2s') },
        store: createRedisStore({ url: server.url, deadlineMs: 2000 }),
        hashKey: 'shared',
      });
    const governors = [await open(), await open()] as const;
    try {
      await body(governors, server);
    } finally {
      for (const governor of governors) await governor.close();
    }
  });
}

const decide = async (governor: Governor, user: string, content: string): Promise<string> => {
  const event = governor.interaction({ tenant: 'acme', user }).event({ stage: 'input', content });
  const { outcome, reason } = await governor.decide(event);
  return `${outcome} ${reason}`;
};

describe.skipIf(BINARY === undefined)(
  'governors that share a Redis (skipped when there is no Redis 7 to start)',
  { timeout: 90_000 },
  () => {
    it('hear nothing of those in another database of the server, whose channels are the same', async () => {
      await withServers(async (start) => {
        const { url } = await start();
        const open = (database: number): Promise<Governor> =>
          createGovernor({
            policy: { yaml: POLICY.replace('version: 1', 'version: 1\ndeadline: 2s') },
            store: createRedisStore({ url: `${url}/${database}`, deadlineMs: 2000 }),
            hashKey: 'shared',
          });
        const governors = await Promise.all([open(0), open(1)]);
        const [here, there] = governors;
        try {
          // The sequence of the other one is ahead, so that all of it is new here.
          for (let i = 0; i < 5; i++) await there.control.halt({ user: `u${i}` }, OPERATOR);
          const heard: unknown[] = [];
          here.control.onChange((notice) => heard.push(notice));
          const gate = await here.openGate(
            here.interaction({ tenant: 'acme', user: 'ada' }).event({ stage: 'output' }),
          );
          await there.control.halt({}, OPERATOR);
          for (let i = 0; i < 3; i++) await decide(there, 'bob', 'Project Nightjar');
          await new Promise((resolve) => setTimeout(resolve, 2500));
          expect([heard, await here.control.list(), gate.terminal]).toEqual([[], [], undefined]);
          expect(await decide(here, 'ada', 'hello')).toBe('ALLOW NO_RULE_OBJECTED');
          expect(await decide(there, 'ada', 'hello')).toBe('BLOCK HALTED');
        } finally {
          for (const governor of governors) await governor.close();
        }
      });
    });

    it('S1: share a limit: what one admitted the other does not', async () => {
      await withGovernors(async ([one, other]) => {
        const outcomes = [];
        for (let i = 0; i < 6; i++) outcomes.push(await decide(i % 2 === 0 ? one : other, 'ada', 'hello'));
        expect(outcomes).toEqual([...Array<string>(5).fill('ALLOW NO_RULE_OBJECTED'), 'COOLDOWN LIMIT_EXCEEDED']);
      });
    });

    it('S2: share a ladder: strikes from both cool the subject down in both', async () => {
      await withGovernors(async ([one, other]) => {
        for (const governor of [one, other, one])
          expect(await decide(governor, 'eve', 'Project Nightjar')).toBe('BLOCK P_PROBING');
        for (const governor of [one, other]) {
          await vi.waitFor(
            async () => expect(await decide(governor, 'eve', 'hello')).toBe('COOLDOWN COOLDOWN_ACTIVE'),
            SOON,
          );
        }
        expect(await decide(other, 'ada', 'hello')).toBe('ALLOW NO_RULE_OBJECTED');
      });
    });

    it('share what was reported: tokens of one stop the next event of the other', async () => {
      await withGovernors(async ([one, other]) => {
        const interaction = one.interaction({ tenant: 'acme', user: 'ada' });
        const event = interaction.event({ stage: 'output', content: 'a long answer' });
        await one.decide(event);
        await interaction.report(event, { output_tokens: 120 });
        expect(await decide(other, 'ada', 'hello')).toBe('COOLDOWN LIMIT_EXCEEDED');
      });
    });

    it('S5, D6: a halt in one ends the running stream of the other within a second, and nothing leaves afterwards', async () => {
      await withGovernors(async ([one, other]) => {
        const gate = await other.openGate(
          other.interaction({ tenant: 'acme', user: 'ada' }).event({ stage: 'output' }),
        );
        expect(gate.write('text', 'a', 'hello ')).toHaveLength(1);
        await one.control.setMode({}, 'off', OPERATOR);
        const called = performance.now();
        await one.control.halt({ tenant: 'acme' }, OPERATOR);
        await vi.waitFor(() => expect(gate.terminal?.reason).toBe('HALTED'), SOON);
        // Ten times what is promised: a busy machine may be late.
        expect(performance.now() - called).toBeLessThan(10_000);
        expect(gate.write('text', 'a', 'world')).toEqual([]);
        expect(await decide(other, 'ada', 'hello')).toBe('BLOCK HALTED');
        await one.control.resume({ tenant: 'acme' }, OPERATOR);
        await vi.waitFor(async () => expect(await decide(other, 'ada', 'hello')).toBe('NO_OP GOVERNANCE_OFF'), SOON);
      });
    });

    it.each([
      ['block', 'ends after `staleAfterMs`, and its record says why', 'FAILED_CLOSED'],
      ['no_op', 'goes on, and its record says so', undefined],
    ] as const)('S5: with the server gone and `onError: %s` a running stream %s', async (onError, _, terminal) => {
      await withServers(async (start) => {
        const server = await start();
        const audit = createMemorySink();
        const governor = await createGovernor({
          policy: { yaml: POLICY.replace('version: 1', `version: 1\ndeadline: 2s\nonError: ${onError}`) },
          store: createRedisStore({ url: server.url, deadlineMs: 2000 }),
          hashKey: 'shared',
          staleAfterMs: 1500,
          audit,
        });
        try {
          const gate = await governor.openGate(
            governor.interaction({ tenant: 'acme', user: 'ada' }).event({ stage: 'output' }),
          );
          expect(gate.write('text', 'a', 'hello ')).toHaveLength(1);
          const killed = performance.now();
          await server.kill();
          if (terminal === undefined) await new Promise((resolve) => setTimeout(resolve, 2000));
          else await vi.waitFor(() => expect(gate.terminal?.reason).toBe(terminal), SOON);
          // Confirmed at most a re-read before the server died; ten times that, for a busy machine.
          if (terminal !== undefined) expect(performance.now() - killed).toBeLessThan(25_000);
          expect(gate.write('text', 'a', 'world')).toHaveLength(terminal === undefined ? 1 : 0);
          const { decision } = await gate.end();
          expect(decision.errors).toContainEqual({ part: 'store', id: 'controls', code: 'STALE' });
          const record = audit.records().findLast((one) => one.kind === 'decision');
          expect(record).toMatchObject({ decision: { reason: decision.reason, errors: decision.errors } });
        } finally {
          await governor.close();
        }
      });
    });

    it('S6: with the server killed, decisions fail closed, halts still stop this process, and a stream goes on for a while', async () => {
      await withGovernors(async ([one, other], server) => {
        const gate = await one.openGate(one.interaction({ tenant: 'acme', user: 'ada' }).event({ stage: 'output' }));
        await server.kill();
        await vi.waitFor(() => expect(one.status().store.connected).toBe(false), SOON);
        expect(await decide(one, 'ada', 'hello')).toBe('BLOCK FAILED_CLOSED');
        expect(gate.write('text', 'a', 'hello ')).toHaveLength(1);
        await expect(one.control.halt({}, OPERATOR)).rejects.toMatchObject({ code: 'HALT_NOT_SHARED' });
        expect(gate.write('text', 'a', 'world')).toEqual([]);
        expect(await decide(one, 'ada', 'hello')).toBe('BLOCK HALTED');
        expect(await decide(other, 'ada', 'hello')).toBe('BLOCK FAILED_CLOSED');
      });
    });
  },
);
