// What one user who floods costs everybody else: the latency of another tenant's decisions with one limit on Redis, quiet and while a user
// reports and asks as fast as it can from a process of its own. The flood is refused most of the time, which is what costs.
import { fork } from 'node:child_process';
import { createGovernor, type Governor } from '@flyball/core';
import { createRedisStore } from '@flyball/redis';
import { quantile, REDIS_URL, round, withRedis } from './redis.ts';
import type { Figures } from './run.ts';

const SECONDS = 5;

const open = (prefix: string): Promise<Governor> =>
  createGovernor({
    store: createRedisStore({ url: REDIS_URL, prefix }),
    policy: {
      policy: 'bench',
      version: 1,
      limits: [
        { id: 'questions', on: 'input', unit: 'events', allow: 1_000_000, per: '1h' },
        { id: 'tokens', on: 'input', unit: 'tokens', allow: 100_000, per: '1h' },
      ],
    },
    ready: 'wait',
  });

export async function bench(): Promise<Figures> {
  const figures = await withRedis(async (_client, prefix) => {
    const governor = await open(prefix);
    const child = fork(import.meta.filename, [prefix], { execArgv: process.execArgv });
    try {
      await new Promise((resolve) => child.once('message', resolve));
      await neighbour(governor, 1);
      const quiet = await neighbour(governor, SECONDS);
      const flooded = new Promise<number>((resolve) => child.once('message', (calls) => resolve(calls as number)));
      child.send('flood');
      const under = await neighbour(governor, SECONDS);
      child.send('stop');
      return {
        quietP99ms: round(quiet.p99),
        floodedP99ms: round(under.p99),
        ratio: round(under.p99 / quiet.p99),
        decisions: under.decisions,
        failedClosed: under.failed,
        floodCallsPerSecond: Math.round((await flooded) / SECONDS),
      };
    } finally {
      child.kill('SIGKILL');
      await governor.close();
    }
  });
  return figures ?? { quietP99ms: null, floodedP99ms: null, ratio: null, failedClosed: null };
}

/** Another tenant, one decision after the other. */
async function neighbour(
  governor: Governor,
  seconds: number,
): Promise<{ readonly p99: number; readonly decisions: number; readonly failed: number }> {
  const times: number[] = [];
  let failed = 0;
  const until = performance.now() + seconds * 1000;
  for (let i = 0; performance.now() < until; i++) {
    const event = governor
      .interaction({ tenant: 'globex', user: `u${i % 100}` })
      .event({ stage: 'input', content: 'hi' });
    const from = performance.now();
    const { reason } = await governor.decide(event);
    times.push(performance.now() - from);
    if (reason === 'FAILED_CLOSED') failed++;
    // As between requests: what fails at once must not keep this process from hearing its store.
    await new Promise((resolve) => setImmediate(resolve));
  }
  return { p99: quantile(times, 0.99), decisions: times.length, failed };
}

/** Reports small amounts and asks, 64 at a time: each in an interaction that began elsewhere, so that nothing is refused from memory. */
async function flood(prefix: string): Promise<void> {
  const governor = await open(prefix);
  const told = { stop: false };
  let calls = 0;
  process.on('message', (message) => {
    if (message === 'stop') {
      told.stop = true;
      process.send!(calls);
      return;
    }
    for (let worker = 0; worker < 64; worker++) {
      void (async () => {
        while (!told.stop) {
          const subject = { tenant: 'acme', user: 'mallory' };
          const interaction = governor.resume({ id: crypto.randomUUID(), subject, policy: 'bench', labels: [] });
          const event = interaction.event({ stage: 'input', content: 'hi' });
          await governor.decide(event);
          await interaction.report(event, { tokens: 10 });
          calls += 2;
          await new Promise((resolve) => setImmediate(resolve));
        }
      })();
    }
  });
  process.send!('ready');
}

if (process.send !== undefined && process.argv[1] === import.meta.filename) await flood(process.argv[2] ?? '');
