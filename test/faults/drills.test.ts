import { createGovernor, type Governor, type PolicyDocument } from '@flyball/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BINARY } from '../../packages/redis/test/servers.ts';
import { HAS_POSTGRES } from './drills/own-postgres.ts';
import { clusterSite, postgresSite, redisSite, sentinelSite, type Site } from './drills/sites.ts';
import { until } from './drills/until.ts';

// What can happen to a store, done to each kind of it: meanwhile the declared failure, in time; and afterwards the
// state as it was.

const POLICY: PolicyDocument = {
  policy: 'p',
  version: 1,
  limits: [{ id: 'questions', unit: 'events', allow: 5, per: '1h' }],
};
const OPERATOR = { who: 'ops', why: 'drill' };
/** Some hundred times what a decision takes. A failure may take ten times that: the machine may be busy. */
const DEADLINE_MS = 1500;
const LATE_MS = 10 * DEADLINE_MS;

let names = 0;
const someone = (): string => `user${names++}`;

async function ask(governor: Governor, user: string): Promise<string> {
  const event = governor.interaction({ tenant: 'acme', user }).event({ stage: 'input', content: 'hi' });
  return (await governor.decide(event)).reason;
}

/**
 * Users whose halt a governor knows, re-read from its store. Whoever waits for a halt asks here: an event that comes
 * before it is charged to its limit.
 */
const halted = async (governor: Governor): Promise<string> =>
  (await governor.control.list()).map(({ scope }) => scope.user).join();

interface Stage {
  readonly site: Site;
  readonly space: string;
  /** Through the network that can fail, and past it. */
  readonly governor: Governor;
  readonly other: Governor;
  readonly open: (deadlineMs: number) => Promise<Governor>;
}

const SITES: readonly [name: string, has: boolean, start: () => Promise<Site>][] = [
  ['Redis', BINARY !== undefined, redisSite],
  ['a cluster of three Redis', BINARY !== undefined, clusterSite],
  ['a Redis behind a Sentinel', BINARY !== undefined, sentinelSite],
  ['Postgres', HAS_POSTGRES, postgresSite],
];

describe.each(SITES.filter(([, has]) => has))('drills on %s (skipped when there is none to start)', (_, __, start) => {
  let site: Site;
  beforeAll(async () => {
    site = await start();
  }, 180_000);
  afterAll(() => site?.close(), 60_000);

  async function staged(body: (stage: Stage) => Promise<void>): Promise<void> {
    const space = `drill_${process.pid}_${names++}`;
    const opened: Governor[] = [];
    const open = async (deadlineMs: number, through: 'network' | 'direct' = 'network'): Promise<Governor> => {
      const governor = await createGovernor({
        policy: POLICY,
        store: site.open(space, deadlineMs, through),
        hashKey: 'k',
      });
      opened.push(governor);
      await until(() => governor.status().store.connected);
      return governor;
    };
    try {
      const other = await open(DEADLINE_MS, 'direct');
      await body({ site, space, other, governor: await open(DEADLINE_MS), open });
    } finally {
      for (const governor of opened) await governor.close();
    }
  }

  /** What a network does to connections is over with them: they are cut, and new ones are as before. */
  const mend = async (): Promise<void> => {
    for (const proxy of site.network) {
      await proxy.cut();
      await proxy.open();
    }
  };

  it.each([
    ['killed', () => site.kill(), () => site.revive()],
    ['stopped', () => site.hang(), () => site.wake()],
    ['black-holed', () => site.network.forEach((proxy) => proxy.block()), mend],
  ] as const)(
    'S6: %s: the declared failure in time, and afterwards limits and halts as before',
    { timeout: 240_000 },
    async (fault, begin, end) => {
      await staged(async ({ governor, other }) => {
        const [user, stopped] = [someone(), someone()];
        for (let i = 0; i < 2; i++) expect(await ask(governor, user)).toBe('NO_RULE_OBJECTED');
        await governor.control.halt({ user: stopped }, OPERATOR);
        await until(async () => (await halted(other)) === stopped);
        await begin();
        try {
          const from = performance.now();
          expect(await ask(governor, user)).toBe('FAILED_CLOSED');
          expect(performance.now() - from).toBeLessThan(LATE_MS);
          await until(() => !governor.status().store.connected);
          expect(governor.status().store.lastError).toBeDefined();
          // Known to be gone it costs nothing to find out.
          const again = performance.now();
          expect(['FAILED_CLOSED', 'HALTED']).toContain(await ask(governor, stopped));
          expect(await ask(governor, someone())).toBe('FAILED_CLOSED');
          expect(performance.now() - again).toBeLessThan(LATE_MS);
        } finally {
          await end();
        }
        for (const one of [governor, other]) {
          await until(async () => (await ask(one, someone())) === 'NO_RULE_OBJECTED');
          await until(async () => (await halted(one)) === stopped);
          expect(await ask(one, stopped)).toBe('HALTED');
        }
        // Two were admitted. What failed here may have been carried out there, unless nothing was there.
        const reasons: string[] = [];
        for (let i = 0; i < 4; i++) reasons.push(await ask(governor, user));
        const admitted = reasons.filter((reason) => reason === 'NO_RULE_OBJECTED').length;
        expect(fault === 'killed' ? [3] : [2, 3]).toContain(admitted);
        expect(reasons.filter((reason) => reason === 'LIMIT_EXCEEDED')).toHaveLength(4 - admitted);
        expect(await ask(other, user)).toBe('LIMIT_EXCEEDED');
        await other.control.resume({ user: stopped }, OPERATOR);
        await until(async () => (await halted(governor)) === '');
        expect(await ask(governor, stopped)).toBe('NO_RULE_OBJECTED');
      });
    },
  );

  it(
    'S5: rolled back: halts that were lost stand again, and those that were lifted do not',
    { timeout: 240_000 },
    async () => {
      await staged(async ({ governor, other, space }) => {
        const [before, after] = [someone(), someone()];
        await governor.control.halt({ user: before }, OPERATOR);
        await until(async () => (await halted(other)) === before);
        const restore = await site.snapshot(space);
        await governor.control.halt({ user: after }, OPERATOR);
        await governor.control.resume({ user: before }, OPERATOR);
        await until(async () => (await halted(other)) === after);
        await restore();
        for (const one of [governor, other]) await until(async () => (await halted(one)) === after);
        for (const one of [governor, other]) {
          expect(await ask(one, after)).toBe('HALTED');
          expect(await ask(one, before)).toBe('NO_RULE_OBJECTED');
        }
      });
    },
  );

  it.each([20, 120])(
    'S6: slowed to round trips of %i ms: decisions of the patient, and of the hasty the declared failure before any answer',
    { timeout: 240_000 },
    async (roundTripMs) => {
      await staged(async ({ open }) => {
        const [patient, hasty] = [await open(20_000), await open(roundTripMs / 4)];
        for (const proxy of site.network) proxy.delay(roundTripMs / 2);
        try {
          const user = someone();
          for (const reason of [...Array(5).fill('NO_RULE_OBJECTED'), 'LIMIT_EXCEEDED']) {
            expect(await ask(patient, user)).toBe(reason);
          }
          let fastest = Infinity;
          for (let i = 0; i < 10; i++) {
            const from = performance.now();
            expect(await ask(hasty, someone())).toBe('FAILED_CLOSED');
            fastest = Math.min(fastest, performance.now() - from);
          }
          expect(fastest).toBeLessThan(roundTripMs);
          await until(async () => {
            // The status tells of the shortest of the last questions: those of before have to be forgotten.
            await hasty.control.list().catch(() => undefined);
            return hasty.status().store.warning !== undefined;
          });
        } finally {
          for (const proxy of site.network) proxy.delay(0);
        }
        await until(async () => (await ask(patient, someone())) === 'NO_RULE_OBJECTED');
      });
    },
  );
});
