// How long a halt takes: from the call in this process to the last character of a running stream in another, and to the
// first refused decision there. Other processes run this same file; the clock of one machine is the same in all of
// them.
import { fork, type ChildProcess } from 'node:child_process';
import { createGovernor, type Governor } from '@flyball/core';
import { createRedisStore } from '@flyball/redis';
import { quantile, REDIS_URL, round, withRedis } from './redis.ts';
import type { Figures } from './run.ts';

const PROCESSES = 4;
const HALTS = 150;
/** A delta each millisecond, which is faster than a model speaks. */
const DELTA_MS = 1;

const POLICY = {
  policy: 'bench',
  version: 1,
  detectors: [{ id: 'codename', phrases: ['Project Nightjar'] }],
  rules: [{ id: 'no-codename', on: ['input', 'output'], detect: 'codename', then: 'block', reason: 'P_CODENAME' }],
} as const;

/** Milliseconds on the machine's clock. */
interface Seen {
  readonly stopped: number;
  readonly lastText: number;
  readonly refused: number;
}

export async function bench(): Promise<Figures> {
  const figures = await withRedis(async (_client, prefix) => {
    const governor = await open(prefix);
    const children: ChildProcess[] = [];
    try {
      for (let i = 0; i < PROCESSES; i++)
        children.push(fork(import.meta.filename, [prefix], { execArgv: process.execArgv }));
      await Promise.all(children.map((child) => answer(child)));
      return await measure(governor, children);
    } finally {
      for (const child of children) child.kill('SIGKILL');
      await governor.close();
    }
  });
  return figures ?? { p50ms: null, p99ms: null, processes: 0 };
}

async function measure(governor: Governor, children: readonly ChildProcess[]): Promise<Figures> {
  const toStop: number[] = [];
  const toText: number[] = [];
  const toRefusal: number[] = [];
  for (let i = -10; i < HALTS; i++) {
    const tenant = `tenant ${i}`;
    await Promise.all(children.map((child) => ask(child, { op: 'stream', tenant })));
    const seen = Promise.all(children.map((child) => answer<Seen>(child)));
    await new Promise((resolve) => setTimeout(resolve, 5 + Math.random() * 5));
    const called = nowMs();
    await governor.control.halt({ tenant }, { who: 'bench', why: 'measured' });
    for (const { stopped, lastText, refused } of await seen) {
      if (i < 0) continue;
      toStop.push(stopped - called);
      toText.push(lastText - called);
      toRefusal.push(refused - called);
    }
    await governor.control.resume({ tenant }, { who: 'bench', why: 'measured' });
  }
  return {
    p50ms: round(quantile(toStop, 0.5)),
    p99ms: round(quantile(toStop, 0.99)),
    maxMs: round(Math.max(...toStop)),
    lastTextP99ms: round(Math.max(0, quantile(toText, 0.99))),
    refusedP50ms: round(quantile(toRefusal, 0.5)),
    refusedP99ms: round(quantile(toRefusal, 0.99)),
    processes: PROCESSES,
    halts: HALTS,
  };
}

function open(prefix: string): Promise<Governor> {
  return createGovernor({ policy: POLICY, store: createRedisStore({ url: REDIS_URL, prefix }) });
}

type Task = { readonly op: 'stream'; readonly tenant: string };

/**
 * The other processes: a stream that runs until it is stopped, and decisions one after the other until one is refused.
 */
async function serve(prefix: string): Promise<void> {
  const governor = await open(prefix);
  process.on('message', ({ tenant }: Task) => {
    void (async () => {
      const interaction = governor.interaction({ tenant, user: 'bob' });
      const gate = await governor.openGate(interaction.event({ stage: 'output' }));
      const stopped = new Promise<number>((resolve) => gate.stopped.addEventListener('abort', () => resolve(nowMs())));
      process.send!({ ready: true });
      let lastText = 0;
      const deltas = setInterval(() => {
        if (gate.write('text', 'answer', 'a few words ').length > 0) lastText = nowMs();
      }, DELTA_MS);
      const refused = firstRefusal(governor, tenant);
      const times = { stopped: await stopped, refused: await refused, lastText };
      clearInterval(deltas);
      process.send!(times);
    })();
  });
  process.send!({ ready: true });
}

async function firstRefusal(governor: Governor, tenant: string): Promise<number> {
  for (;;) {
    const event = governor.interaction({ tenant, user: 'eve' }).event({ stage: 'input', content: 'hello' });
    if ((await governor.decide(event)).reason === 'HALTED') return nowMs();
    await new Promise((resolve) => setTimeout(resolve, DELTA_MS));
  }
}

function ask(child: ChildProcess, task: Task): Promise<unknown> {
  const ready = answer(child);
  child.send(task);
  return ready;
}

function answer<T>(child: ChildProcess): Promise<T> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null): void => reject(new Error(`a process ended with ${String(code)}`));
    child.once('exit', ended);
    child.once('message', (message) => {
      child.off('exit', ended);
      resolve(message as T);
    });
  });
}

function nowMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

if (process.send !== undefined && process.argv[1] === import.meta.filename) await serve(process.argv[2] ?? '');
