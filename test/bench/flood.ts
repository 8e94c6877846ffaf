// What one user who floods costs everybody else: the latency of another tenant's decisions with one limit on Redis,
// quiet, while another process keeps a processor as busy and asks the store nothing, and while a user reports and asks
// as fast as it can from that process. The flood is refused most of the time, which is what costs. On a machine with
// few processors the second tells what of the third is the machine's: only what is above it is the store's.
import { fork, type ChildProcess } from 'node:child_process';
import { createGovernor, type Governor } from '@flyball/core';
import { createRedisStore } from '@flyball/redis';
import { quantile, REDIS_URL, round, withRedis } from './redis.ts';
import type { Figures } from './run.ts';

const ROUNDS = 5;
const SECONDS = 1.5;

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
      await heard(child);
      await neighbour(governor, 1);
      const quiet: Seen[] = [];
      const busy: Seen[] = [];
      const under: Seen[] = [];
      let calls = 0;
      // In turns, so that a slow moment of the machine hits all alike.
      for (let i = 0; i < ROUNDS; i++) {
        quiet.push(await neighbour(governor, SECONDS));
        for (const [work, seen] of [['burn', busy] as const, ['flood', under] as const]) {
          child.send(work);
          seen.push(await neighbour(governor, SECONDS));
          child.send('stop');
          const done = await heard(child);
          if (work === 'flood') calls += done;
        }
      }
      const [quietP99, busyP99, floodedP99] = [quiet, busy, under].map((seen) =>
        quantile(
          seen.map(({ p99 }) => p99),
          0.5,
        ),
      );
      return {
        quietP99ms: round(quietP99!),
        busyP99ms: round(busyP99!),
        floodedP99ms: round(floodedP99!),
        ratio: round(floodedP99! / quietP99!),
        ratioToBusy: round(floodedP99! / busyP99!),
        decisions: under.reduce((sum, { decisions }) => sum + decisions, 0),
        failedClosed: under.reduce((sum, { failed }) => sum + failed, 0),
        busyFailedClosed: busy.reduce((sum, { failed }) => sum + failed, 0),
        floodCallsPerSecond: Math.round(calls / SECONDS / ROUNDS),
      };
    } finally {
      child.kill('SIGKILL');
      await governor.close();
    }
  });
  return figures ?? { quietP99ms: null, floodedP99ms: null, ratio: null, failedClosed: null };
}

interface Seen {
  readonly p99: number;
  readonly decisions: number;
  readonly failed: number;
}

/** What the child says next. */
function heard(child: ChildProcess): Promise<number> {
  return new Promise((resolve) => child.once('message', (value) => resolve(Number(value))));
}

/** Another tenant, one decision after the other. */
async function neighbour(governor: Governor, seconds: number): Promise<Seen> {
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

/**
 * Reports small amounts and asks, 64 at a time: each in an interaction that began elsewhere, so that nothing is refused
 * from memory.
 */
async function flood(prefix: string): Promise<void> {
  const governor = await open(prefix);
  let running: Promise<number> | undefined;
  let told = { stop: false };
  process.on('message', (message) => {
    if (message !== 'stop') {
      told = { stop: false };
      running = message === 'flood' ? ask(governor, told) : burn(told);
      return;
    }
    told.stop = true;
    void running?.then((calls) => process.send!(calls));
  });
  process.send!(0);
}

async function ask(governor: Governor, told: { readonly stop: boolean }): Promise<number> {
  let calls = 0;
  const worker = async (): Promise<void> => {
    while (!told.stop) {
      const subject = { tenant: 'acme', user: 'mallory' };
      const interaction = governor.resume({ id: crypto.randomUUID(), subject, policy: 'bench', labels: [] });
      const event = interaction.event({ stage: 'input', content: 'hi' });
      await governor.decide(event);
      await interaction.report(event, { tokens: 10 });
      calls += 2;
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  await Promise.all(Array.from({ length: 64 }, worker));
  return calls;
}

/** As busy as the flood keeps a process, and nothing of it concerns the store. */
async function burn(told: { readonly stop: boolean }): Promise<number> {
  while (!told.stop) {
    const until = performance.now() + 5;
    while (performance.now() < until);
    await new Promise((resolve) => setImmediate(resolve));
  }
  return 0;
}

if (process.send !== undefined && process.argv[1] === import.meta.filename) await flood(process.argv[2] ?? '');
