// What one user who floods costs everybody else: how long another tenant's decisions take, with two limits on Redis,
// while a process beside it does one of these, in turns:
//
// - nothing (`quiet`)
// - one user reports and asks as fast as it can (`flood`), or at a pace that two processors carry (`paced`)
// - the same, with a store of its own process (`floodFloor`, `pacedFloor`): what the machine itself charges for a
//   process
//   that is as busy and leaves the shared store alone
//
// Beside each decision a bare `PING` goes the same way, on a connection of its own: what it waits is the machine's and
// the server's, and no decision can be faster. `lateAnyway` counts those that took longer than a decision waits.
//
// The flood is refused most of the time, which is what costs; each of its calls is in an interaction that began
// elsewhere, so that it is not refused from memory.
import { fork, type ChildProcess } from 'node:child_process';
import { createGovernor, createMemoryStore, type Governor, type Store } from '@flyball/core';
import { createRedisStore } from '@flyball/redis';
import type { Redis } from 'ioredis';
import { quantile, REDIS_URL, round, withRedis } from './redis.ts';
import type { Figures } from './run.ts';

/** Each scene in turn, so often and so long: half a minute in all. */
const ROUNDS = 5;
const SECONDS = 1.2;
/** Decisions and reports a second. */
const PACE = 4000;
/** What a decision waits for the store: the default. */
const DEADLINE_MS = 25;
/** Begun at once at most. Where the machine does not keep up, the figures say how many there were instead. */
const BURST = 64;
/** The process beside has ended, or hangs: the benchmark says so instead of waiting for it. */
const UNHEARD_MS = 10_000;
const SCENES = ['quiet', 'flood', 'floodFloor', 'paced', 'pacedFloor'] as const;
type Scene = (typeof SCENES)[number];

const open = (store: Store): Promise<Governor> =>
  createGovernor({
    store,
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
  const figures = await withRedis(async (client, prefix) => {
    const governor = await open(createRedisStore({ url: REDIS_URL, prefix, deadlineMs: DEADLINE_MS }));
    const child = fork(import.meta.filename, [prefix], { execArgv: process.execArgv });
    try {
      await heard(child);
      await neighbour(governor, client, 1);
      const seen: { readonly [S in Scene]: Seen[] } = {
        quiet: [],
        flood: [],
        floodFloor: [],
        paced: [],
        pacedFloor: [],
      };
      // In turns, so that a slow moment of the machine hits all alike.
      for (let i = 0; i < ROUNDS; i++) {
        for (const scene of SCENES) {
          const from = performance.now();
          child.send(scene);
          const found = await neighbour(governor, client, SECONDS);
          const calls = heard(child);
          child.send('stop');
          seen[scene].push({ ...found, calls: await calls, seconds: (performance.now() - from) / 1000 });
        }
      }
      const [quiet, under, floor, paced, pacedFloor] = SCENES.map((scene) => summary(seen[scene])) as Five;
      return {
        quiet,
        flood: { ...under, vsQuiet: round(under.p99ms / quiet.p99ms), vsFloor: round(under.p99ms / floor.p99ms) },
        floodFloor: { ...floor, vsQuiet: round(floor.p99ms / quiet.p99ms) },
        paced: { ...paced, vsQuiet: round(paced.p99ms / quiet.p99ms), vsFloor: round(paced.p99ms / pacedFloor.p99ms) },
        pacedFloor: { ...pacedFloor, vsQuiet: round(pacedFloor.p99ms / quiet.p99ms) },
      };
    } finally {
      child.kill('SIGKILL');
      await governor.close();
    }
  });
  return figures ?? { quiet: null, flood: null, floodFloor: null, paced: null, pacedFloor: null };
}

interface Found {
  readonly p99: number;
  readonly decisions: number;
  readonly failed: number;
  readonly late: number;
}

interface Seen extends Found {
  readonly calls: number;
  /** Until the last of the calls was answered. */
  readonly seconds: number;
}

interface Summary {
  /** Of the neighbour: the middle one of the rounds. */
  readonly p99ms: number;
  readonly decisions: number;
  readonly failedClosed: number;
  readonly lateAnyway: number;
  /** Of the process beside it. */
  readonly callsPerSecond: number;
}

type Five = [Summary, Summary, Summary, Summary, Summary];

function summary(rounds: readonly Seen[]): Summary {
  const sum = (what: 'decisions' | 'failed' | 'late' | 'calls' | 'seconds'): number =>
    rounds.reduce((total, one) => total + one[what], 0);
  return {
    p99ms: round(
      quantile(
        rounds.map((one) => one.p99),
        0.5,
      ),
    ),
    decisions: sum('decisions'),
    failedClosed: sum('failed'),
    lateAnyway: sum('late'),
    callsPerSecond: Math.round(sum('calls') / sum('seconds')),
  };
}

/** What the child says next. */
function heard(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => fail('does not answer'), UNHEARD_MS);
    const leave = (): void => {
      clearTimeout(timer);
      child.off('message', onMessage).off('exit', onExit);
    };
    const fail = (what: string): void => {
      leave();
      reject(new Error(`the process that floods ${what}`));
    };
    const onMessage = (value: unknown): void => {
      leave();
      resolve(Number(value));
    };
    const onExit = (): void => fail('has ended');
    child.on('message', onMessage).on('exit', onExit);
  });
}

/** Another tenant, one decision after the other, with the pauses of a server that is not at its end. */
async function neighbour(governor: Governor, client: Redis, seconds: number): Promise<Found> {
  const times: number[] = [];
  let [failed, late] = [0, 0];
  const until = performance.now() + seconds * 1000;
  for (let i = 0; performance.now() < until; i++) {
    const event = governor
      .interaction({ tenant: 'globex', user: `u${i % 100}` })
      .event({ stage: 'input', content: 'hi' });
    const from = performance.now();
    const ping = client.ping().then(() => performance.now() - from);
    const { reason } = await governor.decide(event);
    times.push(performance.now() - from);
    if (reason === 'FAILED_CLOSED') failed++;
    if ((await ping) > DEADLINE_MS) late++;
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  return { p99: quantile(times, 0.99), decisions: times.length, failed, late };
}

type Told = { stop: boolean };

async function serve(prefix: string): Promise<void> {
  const shared = await open(createRedisStore({ url: REDIS_URL, prefix }));
  const own = await open(createMemoryStore());
  let running: Promise<number> | undefined;
  let told: Told = { stop: false };
  const user = { tenant: 'acme', user: 'mallory' };
  const by = (governor: Governor) => async (): Promise<void> => {
    const interaction = governor.resume({ id: crypto.randomUUID(), subject: user, policy: 'bench', labels: [] });
    const event = interaction.event({ stage: 'input', content: 'hi' });
    await governor.decide(event);
    await interaction.report(event, { tokens: 10 });
  };
  const scenes: { readonly [S in Scene]: (told: Told) => Promise<number> } = {
    quiet: async () => 0,
    flood: (now) => flood(now, by(shared)),
    floodFloor: (now) => flood(now, by(own)),
    paced: (now) => paced(now, by(shared)),
    pacedFloor: (now) => paced(now, by(own)),
  };
  process.on('message', (message: Scene | 'stop') => {
    if (message !== 'stop') {
      told = { stop: false };
      running = scenes[message](told);
      return;
    }
    told.stop = true;
    void running?.then((pairs) => process.send!(2 * pairs));
  });
  process.send!(0);
}

/** As many as the pace says, whether the ones before are answered or not. */
async function paced(told: Told, call: () => Promise<unknown>): Promise<number> {
  const from = performance.now();
  const under = new Set<Promise<unknown>>();
  let calls = 0;
  while (!told.stop) {
    const due = ((performance.now() - from) / 1000) * (PACE / 2);
    for (let begun = 0; calls < due && begun < BURST; calls++, begun++) {
      const one: Promise<unknown> = call().finally(() => under.delete(one));
      under.add(one);
    }
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await Promise.all(under);
  return calls;
}

/** As many as it can, 64 at a time. */
async function flood(told: Told, call: () => Promise<unknown>): Promise<number> {
  let calls = 0;
  const worker = async (): Promise<void> => {
    while (!told.stop) {
      await call();
      calls++;
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  await Promise.all(Array.from({ length: BURST }, worker));
  return calls;
}

if (process.send !== undefined && process.argv[1] === import.meta.filename) await serve(process.argv[2] ?? '');
